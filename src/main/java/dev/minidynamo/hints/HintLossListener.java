package dev.minidynamo.hints;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

/** Hears of hints that will not be delivered, so that anti-entropy can do it. */
public interface HintLossListener {

    /** Why a hint is not delivered. */
    enum Loss {
        /** The target's hints had reached their limit. */
        OVERFLOWED,
        /** The write is older than hints may be. */
        EXPIRED,
        /** The target can not read the message. */
        SET_ASIDE,
        /** The hint failed its checksum. */
        DAMAGED
    }

    /**
     * Takes note of a loss; called on the event loop.
     *
     * @param key the key, or null if it is not known which keys are lost
     */
    void lost(NodeId target, @Nullable Key key, Loss loss);
}
