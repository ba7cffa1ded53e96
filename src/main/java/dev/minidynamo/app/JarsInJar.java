package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Loads classes from the jars in the jar by a look or two into their tables of contents.
 *
 * <p>Spring Boot's loader, which opens those jars and finds all that is no class, asks one jar
 * after the other by a URL; that took a tenth of a start.
 */
final class JarsInJar extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private record Jar(JarFile file, ProtectionDomain domain) {

        URL url() {
            return domain.getCodeSource().getLocation();
        }
    }

    private final URLClassLoader given;
    private final List<Jar> jars = new ArrayList<>();
    private final Map<String, Jar> lastOf = new ConcurrentHashMap<>();

    /** A loader of the same jars as Spring Boot's. */
    JarsInJar(URLClassLoader given) throws IOException {
        super(given.getURLs(), given.getParent());
        this.given = given;
        for (URL url : given.getURLs()) {
            JarFile file = ((JarURLConnection) url.openConnection()).getJarFile();
            CodeSource source = new CodeSource(url, (CodeSigner[]) null);
            jars.add(new Jar(file, new ProtectionDomain(source, null, this, null)));
        }
    }

    /** Asks the parent last, save for what is Java's own. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null && !name.startsWith("java")) {
                found = look(name);
            }
            return found == null ? super.loadClass(name, resolve) : found;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> found = look(name);
        if (found == null) {
            throw new ClassNotFoundException(name);
        }
        return found;
    }

    private @Nullable Class<?> look(String name) {
        String path = name.replace('.', '/') + ".class";
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        Jar last = lastOf.get(folder);
        JarEntry entry = last == null ? null : last.file.getJarEntry(path);
        for (int i = 0; entry == null && i < jars.size(); i++) {
            last = jars.get(i);
            entry = last.file.getJarEntry(path);
        }
        if (last == null || entry == null) {
            return null;
        }
        try (InputStream in = last.file.getInputStream(entry)) {
            lastOf.put(folder, last);
            describe(name, last);
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length, last.domain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells the package of a class what its jar says of itself, such as its version. */
    private synchronized void describe(String name, Jar jar) throws IOException {
        String itsPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (getDefinedPackage(itsPackage) == null) {
            Manifest manifest = jar.file.getManifest();
            definePackage(itsPackage, manifest == null ? new Manifest() : manifest, jar.url());
        }
    }

    @Override
    public @Nullable URL findResource(String name) {
        return given.findResource(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        return given.findResources(name);
    }
}
