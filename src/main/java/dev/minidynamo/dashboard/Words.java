package dev.minidynamo.dashboard;

import java.util.Locale;

/** Figures as people read them. */
public final class Words {

    /** What stands for a figure that is not known. */
    public static final String NONE = "–";

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Words() {}

    /** 12 s, 3 min, 2 h, 5 d: one unit, rounded down. */
    public static String duration(long millis) {
        long time = Math.max(0, millis);
        if (time < MINUTE) {
            return time / SECOND + " s";
        }
        if (time < HOUR) {
            return time / MINUTE + " min";
        }
        return time < DAY ? time / HOUR + " h" : time / DAY + " d";
    }

    /** How long ago {@code thenMillis} was, or a dash if it never was. */
    public static String ago(long thenMillis, long nowMillis) {
        return thenMillis <= 0 ? NONE : duration(nowMillis - thenMillis) + " ago";
    }

    /** 1 hint, 37 hints, 1,204 hints. */
    public static String count(long count, String noun) {
        return number(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** 1,204, or a dash for what is not known. */
    public static String number(long value) {
        return value < 0 ? NONE : String.format(Locale.ROOT, "%,d", value);
    }

    /** 812 B, 1.4 KiB, 3.0 MiB. */
    public static String bytes(long bytes) {
        if (bytes < 0) {
            return NONE;
        }
        if (bytes < 1024) {
            return bytes + " B";
        }
        double size = bytes / 1024.0;
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
    }

    /** 0.8 ms, 12 ms, 1.2 s; from microseconds. */
    public static String micros(long micros) {
        if (micros < 0) {
            return NONE;
        }
        if (micros < 10_000) {
            return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
        }
        return micros < 1_000_000
                ? micros / 1000 + " ms"
                : String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }

    /** +3 ms, −12 ms, 0 ms. */
    public static String signedMillis(long millis) {
        String sign = millis > 0 ? "+" : millis < 0 ? "−" : "";
        return sign + Math.abs(millis) + " ms";
    }

    /** 33.4 %. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
