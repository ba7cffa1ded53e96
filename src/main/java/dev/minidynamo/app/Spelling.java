package dev.minidynamo.app;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The spellings of a flag: {@code -data_dir}, {@code --data_dir} and {@code --data-dir} are one.
 *
 * <p>The first Mini Dynamo took its flags as Go does, with one dash or two and an underscore.
 */
final class Spelling {

    private static final Pattern LONG_FLAG =
            Pattern.compile("--?([A-Za-z][A-Za-z0-9_-]+)(=.*)?", Pattern.DOTALL);

    private Spelling() {}

    /** Rewrites each flag before a {@code --} to two dashes and no underscore. */
    static String[] normalise(String... arguments) {
        List<String> out = new ArrayList<>();
        boolean flags = true;
        for (String argument : arguments) {
            flags = flags && !argument.equals("--");
            Matcher matcher = LONG_FLAG.matcher(argument);
            out.add(flags && matcher.matches() ? rewritten(matcher) : argument);
        }
        return out.toArray(String[]::new);
    }

    private static String rewritten(Matcher matcher) {
        String value = matcher.group(2);
        return "--" + matcher.group(1).replace('_', '-') + (value == null ? "" : value);
    }
}
