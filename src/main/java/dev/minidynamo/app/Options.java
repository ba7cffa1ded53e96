package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The options of a start, wherever they were given: a flag, the environment, or application.yaml,
 * the first of these winning.
 *
 * <p>Every value arrives as text and is read here, so that a wrong one gets the same sentence
 * whatever its source.
 */
final class Options {

    /** Looks up an option by its name in kebab case. */
    @FunctionalInterface
    interface Source {
        @Nullable String get(String name);
    }

    private final Source source;

    Options(Source source) {
        this.source = source;
    }

    static Options of(Map<String, String> values) {
        return new Options(values::get);
    }

    /** The same options with some of them replaced. */
    Options with(Map<String, String> replaced) {
        return new Options(
                name -> replaced.containsKey(name) ? replaced.get(name) : source.get(name));
    }

    boolean has(String name) {
        return textOrNull(name) != null;
    }

    @Nullable String textOrNull(String name) {
        String value = source.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    String text(String name, String otherwise) {
        String value = textOrNull(name);
        return value == null ? otherwise : value;
    }

    int whole(String name, int otherwise, int least, int most) {
        String value = textOrNull(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw StartRefused.value(name, value, "a whole number from " + least + " to " + most);
        }
        throw StartRefused.value(name, value, "a whole number from " + least + " to " + most);
    }

    boolean flag(String name, boolean otherwise) {
        String value = textOrNull(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw StartRefused.value(name, value, "true or false");
        };
    }

    Duration duration(String name, Duration otherwise, Duration least) {
        String value = textOrNull(name);
        if (value == null) {
            return otherwise;
        }
        try {
            Duration duration = Durations.parse(value);
            if (duration.compareTo(least) >= 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw StartRefused.value(name, value, Durations.ACCEPTED);
        }
        throw StartRefused.value(name, value, "a duration of at least " + Durations.format(least));
    }

    HostPort hostPort(String name, String otherwise) {
        String value = text(name, otherwise);
        try {
            return HostPort.parse(value);
        } catch (IllegalArgumentException e) {
            throw StartRefused.value(name, value, HostPort.ACCEPTED);
        }
    }

    /** Looks an option up in Spring's environment as {@code dynamo.name}. */
    static Options inEnvironment(UnaryOperator<@Nullable String> properties) {
        return new Options(name -> properties.apply("dynamo." + name));
    }
}
