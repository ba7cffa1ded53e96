package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

class JarsInJarTest {

    @TempDir private Path folder;
    private ClassLoader loader;

    @BeforeEach
    void packTwoJars() throws IOException {
        URL first = jar("first.jar", "1.2.3", HostPort.class);
        URL second = jar("second.jar", "4.5.6", Durations.class, JarsInJarTest.class);
        loader =
                new JarsInJar(
                        new URLClassLoader(new URL[] {first, second}, getClass().getClassLoader()));
    }

    private URL jar(String name, String version, Class<?>... classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> type : classes) {
                jar.putNextEntry(new JarEntry(path(type)));
                jar.write(bytes(type));
            }
            jar.putNextEntry(new JarEntry("note.txt"));
            jar.write(name.getBytes(StandardCharsets.UTF_8));
        }
        return URI.create("jar:" + file.toUri() + "!/").toURL();
    }

    private static String path(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getClassLoader().getResourceAsStream(path(type))) {
            return in.readAllBytes();
        }
    }

    @Test
    void theJarsComeBeforeTheParent() throws ClassNotFoundException {
        for (Class<?> type : new Class<?>[] {HostPort.class, Durations.class}) {
            Class<?> loaded = loader.loadClass(type.getName());

            assertThat(loaded.getClassLoader()).isSameAs(loader);
            assertThat(loader.loadClass(type.getName())).isSameAs(loaded);
        }
    }

    @Test
    void whatIsInNoJarIsTheParents() throws ClassNotFoundException {
        assertThat(loader.loadClass(Launcher.class.getName())).isSameAs(Launcher.class);
        assertThat(loader.loadClass("java.lang.String")).isSameAs(String.class);
    }

    @Test
    void whatIsNowhereIsNotFound() {
        assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> loader.loadClass("dev.minidynamo.app.Nothing"));
        assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> loader.loadClass("Nothing"));
    }

    @Test
    void aPackageHasTheVersionOfItsJar() throws ClassNotFoundException {
        assertThat(loader.loadClass(HostPort.class.getName()).getPackage())
                .extracting(Package::getImplementationVersion)
                .isEqualTo("1.2.3");
    }

    @Test
    void aClassKnowsItsJar() throws ClassNotFoundException {
        assertThat(loader.loadClass(Durations.class.getName()).getProtectionDomain())
                .extracting(domain -> domain.getCodeSource().getLocation().toString())
                .asString()
                .endsWith("second.jar!/");
    }

    @Test
    void resourcesAreFoundInTheirOrder() throws IOException {
        assertThat(Collections.list(loader.getResources("note.txt")))
                .extracting(URL::toString)
                .satisfiesExactly(
                        one -> assertThat(one).endsWith("first.jar!/note.txt"),
                        two -> assertThat(two).endsWith("second.jar!/note.txt"));
        assertThat(loader.getResource("nothing.txt")).isNull();
    }
}
