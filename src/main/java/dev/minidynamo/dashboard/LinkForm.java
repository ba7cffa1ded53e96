package dev.minidynamo.dashboard;

import dev.minidynamo.agent.LinkFault;
import dev.minidynamo.model.NodeId;

import java.util.Map;

/** A fault on a link, as a form or a call states it. */
final class LinkForm {

    private static final int USUAL_DELAY_MILLIS = 200;
    private static final int USUAL_SECONDS = 30;

    private final Map<String, String> given;

    private LinkForm(Map<String, String> given) {
        this.given = given;
    }

    /**
     * The fault that is meant.
     *
     * @throws IllegalArgumentException with a sentence about what is missing or not accepted
     */
    static LinkFault read(Map<String, String> given) {
        LinkForm form = new LinkForm(given);
        boolean loses = form.has("lossPercent");
        return new LinkFault(
                form.node("a"),
                form.node("b"),
                form.drop(),
                form.number("delayMillis", loses ? 0 : USUAL_DELAY_MILLIS),
                form.number("lossPercent", 0),
                form.number("seconds", USUAL_SECONDS));
    }

    private boolean has(String name) {
        return !text(name).isEmpty();
    }

    private String text(String name) {
        return given.getOrDefault(name, "").strip();
    }

    private NodeId node(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException(name + " is missing; accepted is a node's id.");
        }
        return new NodeId(text(name));
    }

    /** Whoever names a delay or a loss does not want to cut. */
    private boolean drop() {
        String usual = has("delayMillis") || has("lossPercent") ? "slow" : "cut";
        String kind = has("kind") ? text("kind") : usual;
        return switch (kind) {
            case "cut" -> true;
            case "slow" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "kind is \"" + kind + "\"; accepted is cut or slow.");
        };
    }

    private int number(String name, int usual) {
        if (!has(name)) {
            return usual;
        }
        try {
            return Integer.parseInt(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " is \"" + text(name) + "\"; accepted is a whole number.", e);
        }
    }
}
