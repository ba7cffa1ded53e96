package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the flags of a node's start where they need no thought, as when its agent starts it: each
 * as {@code --name=value} with a name that is known. Picocli would take a tenth of the start for
 * it.
 */
final class PlainFlags {

    private PlainFlags() {}

    /**
     * The flags of one node.
     *
     * @return null where picocli shall read them: for another command, or any that is unknown,
     *     given twice, or spelled without its value
     */
    static @Nullable Flags ofNode(String... arguments) {
        Set<String> names = names();
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            boolean supervised = argument.equals("--supervised");
            String name = supervised ? argument : argument.substring(0, Math.max(equals, 0));
            String value = supervised ? "true" : argument.substring(equals + 1);
            if (!names.contains(name) || values.put(name.substring(2), value) != null) {
                return null;
            }
        }
        return values.containsKey("id") ? new Flags(values) : null;
    }

    /** The names of the flags are those of the fields, which a test compares with picocli's. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(Set.of("--id", "--supervised"));
        for (Field field : NodeFlags.class.getDeclaredFields()) {
            if (field.isSynthetic()) {
                continue; // a coverage tool added it
            }
            String name = field.getName().replaceAll("([A-Z])", "-$1");
            names.add("--" + name.toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
