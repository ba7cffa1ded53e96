package dev.minidynamo.app;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/** Tells a mistake on the command line in one sentence, with exit status 2. */
final class Mistakes implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException mistake, String[] arguments) {
        PrintWriter err = mistake.getCommandLine().getErr();
        err.println("mini-dynamo: " + sentence(mistake));
        err.flush();
        return StartRefused.USAGE;
    }

    private static String sentence(ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            return unknown(command, unmatched.getUnmatched().getFirst());
        }
        String help = "see " + command.getCommandSpec().qualifiedName() + " --help.";
        if (mistake instanceof MissingParameterException missing) {
            return strip(String.valueOf(missing.getMessage())) + "; " + help;
        }
        return strip(String.valueOf(mistake.getMessage())) + "; " + help;
    }

    private static String unknown(CommandLine command, String argument) {
        String name = command.getCommandSpec().qualifiedName();
        if (!argument.startsWith("-")) {
            List<String> commands = List.copyOf(command.getSubcommands().keySet());
            return commands.isEmpty()
                    ? "the argument \"" + argument + "\" is one too many; see " + name + " --help."
                    : "there is no command \""
                            + argument
                            + "\"; accepted are "
                            + String.join(", ", commands)
                            + ".";
        }
        String flag = argument.split("=", 2)[0];
        return "there is no flag "
                + flag
                + "; accepted are "
                + String.join(", ", flags(command).toList())
                + ".";
    }

    private static Stream<String> flags(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(option -> option.longestName())
                .sorted();
    }

    private static String strip(String message) {
        String trimmed = message.strip();
        return trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }
}
