package dev.minidynamo.app;

import dev.minidynamo.agent.HttpControl;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.support.GenericApplicationContext;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import javax.net.ssl.SSLContext;

/**
 * TLS as the options ask for it, with the keys and authorities of one of Spring's SSL bundles.
 *
 * <p>One bundle serves both sides: with it a node shows who it is, to those who connect to it and
 * to its peers. It is read before any server starts, so that a mistake in it is told in a sentence.
 *
 * @param bundle the name of the bundle, or null for HTTP in the clear
 * @param clientsToo whether callers must show a certificate as well
 * @param context of the bundle
 */
record Tls(@Nullable String bundle, boolean clientsToo, @Nullable SSLContext context) {

    private static final String PROPERTIES = "spring.ssl";

    /**
     * Reads the options {@code tls} and {@code tls-client-auth}, and the bundle that they name.
     *
     * @throws StartRefused if there is no such bundle, or its files cannot be used
     */
    static Tls read(Options options, GenericApplicationContext application) {
        String name = options.textOrNull("tls");
        String auth = options.text("tls-client-auth", "none");
        if (!auth.equals("none") && !auth.equals("need")) {
            throw StartRefused.value("tls-client-auth", auth, "none or need");
        }
        if (name == null) {
            if (auth.equals("need")) {
                throw new StartRefused(
                        StartRefused.USAGE,
                        "tls-client-auth is \"need\", but tls names no bundle.");
            }
            return new Tls(null, false, null);
        }
        try {
            SSLContext context = bundle(name, application).createSslContext();
            return new Tls(name, auth.equals("need"), context);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new StartRefused(
                    StartRefused.USAGE,
                    "the SSL bundle \"" + name + "\" cannot be used: " + why(e));
        }
    }

    private static SslBundle bundle(String name, GenericApplicationContext application) {
        SslProperties.Bundles all =
                Binder.get(application.getEnvironment())
                        .bindOrCreate(PROPERTIES, SslProperties.class)
                        .getBundle();
        PemSslBundleProperties pem = all.getPem().get(name);
        JksSslBundleProperties jks = all.getJks().get(name);
        if (pem != null) {
            return PropertiesSslBundle.get(pem, application);
        }
        if (jks != null) {
            return PropertiesSslBundle.get(jks, application);
        }
        Set<String> names = new TreeSet<>(all.getPem().keySet());
        names.addAll(all.getJks().keySet());
        throw StartRefused.value(
                "tls", name, "a bundle of spring.ssl.bundle.pem or .jks, which are " + names);
    }

    private static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() + ".";
    }

    /** What makes a server of Spring's speak TLS. */
    Map<String, Object> server() {
        Map<String, Object> properties = new TreeMap<>();
        if (bundle != null) {
            properties.put("server.ssl.bundle", bundle);
            properties.put("server.ssl.client-auth", clientsToo ? "need" : "none");
        }
        return properties;
    }

    /** The same for people's browsers, which hold no certificates. */
    Tls forPeople() {
        return new Tls(bundle, false, context);
    }

    HttpControl control(NodeSettings.Access access) {
        return new HttpControl(access.secret(), context);
    }

    String scheme() {
        return bundle == null ? "http" : "https";
    }

    /** Hands the context over to those beans that connect to nodes. */
    void register(GenericApplicationContext application) {
        if (context != null) {
            application.registerBean(SSLContext.class, () -> context);
        }
    }
}
