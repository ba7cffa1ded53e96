package dev.minidynamo.app;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 1500ms}, {@code 1m30s}, {@code 1.5h}, {@code PT1M30S}. */
public final class Durations {

    /** What to tell somebody who wrote something else. */
    public static final String ACCEPTED = "a duration such as 1500ms, 1m30s or PT1M30S";

    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|µs|ns|h|m|s|d)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");

    private Durations() {}

    /**
     * Reads a duration; "0" needs no unit.
     *
     * @throws IllegalArgumentException if the text is no duration, is negative, or is too long
     */
    public static Duration parse(String text) {
        String trimmed = text.strip();
        if (trimmed.equals("0")) {
            return Duration.ZERO;
        }
        try {
            if (WHOLE.matcher(trimmed).matches()) {
                return sum(trimmed);
            }
            Duration iso = Duration.parse(trimmed);
            if (!iso.isNegative()) {
                return iso;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException(ACCEPTED, e);
        }
        throw new IllegalArgumentException(ACCEPTED);
    }

    /** The shortest of these spellings: {@code 1m30s}. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder out = new StringBuilder();
        append(out, duration.toHours(), "h");
        append(out, duration.toMinutesPart(), "m");
        append(out, duration.toSecondsPart(), "s");
        append(out, duration.toMillisPart(), "ms");
        return out.toString();
    }

    private static void append(StringBuilder out, long amount, String unit) {
        if (amount > 0) {
            out.append(amount).append(unit);
        }
    }

    private static Duration sum(String text) {
        Duration total = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            double nanos = Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
            if (nanos > Long.MAX_VALUE) {
                throw new ArithmeticException("more than 292 years");
            }
            total = total.plusNanos(Math.round(nanos));
        }
        return total;
    }

    private static double nanosOf(String unit) {
        return switch (unit) {
            case "d" -> 86_400e9;
            case "h" -> 3_600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            case "ns" -> 1;
            default -> 1e3;
        };
    }
}
