package dev.minidynamo.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The flags that were given on the command line, by their names without dashes. */
final class Flags {

    private final Map<String, String> values;

    Flags(Map<String, String> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** What picocli has matched. */
    static Flags of(CommandSpec spec) {
        Map<String, String> values = new LinkedHashMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            Object value = option.getValue();
            if (value != null) {
                values.put(option.longestName().substring(2), value.toString());
            }
        }
        return new Flags(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * These flags as Spring takes them, so that they win over every other source.
     *
     * @throws StartRefused if one has no value; in the environment that counts as not given
     */
    String[] asSpringArguments() {
        values.forEach((name, value) -> {
            if (value.isBlank()) {
                throw StartRefused.value(name, value, "a value, or no flag");
            }
        });
        return values.entrySet().stream()
                .map(flag -> "--dynamo." + flag.getKey() + "=" + flag.getValue())
                .toArray(String[]::new);
    }

    /** The flags except these, spelled for a command line. */
    List<String> without(Set<String> names) {
        List<String> arguments = new ArrayList<>();
        values.forEach((name, value) -> {
            if (!names.contains(name)) {
                arguments.add("--" + name + "=" + value);
            }
        });
        return arguments;
    }
}
