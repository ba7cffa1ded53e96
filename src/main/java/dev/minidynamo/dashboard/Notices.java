package dev.minidynamo.dashboard;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The outcomes of the last actions, so that a page without JavaScript can tell them after its
 * redirect.
 *
 * <p>The redirect carries a number, not the text: nobody can put words into the page by a link.
 */
@Component
public class Notices {

    private static final int KEPT = 100;

    /** What is said after an action. */
    public record Notice(boolean good, String text) {}

    private final Map<Long, Notice> last = new LinkedHashMap<>();
    private long nextId = System.nanoTime() & 0xffff_ffffL;

    /** Keeps a notice and returns its number. */
    synchronized long add(Notice notice) {
        long id = nextId++;
        last.put(id, notice);
        if (last.size() > KEPT) {
            last.remove(last.keySet().iterator().next());
        }
        return id;
    }

    /** The notice of this number, or null. */
    synchronized @Nullable Notice find(@Nullable String id) {
        return id == null || !id.matches("\\d{1,18}") ? null : last.get(Long.parseLong(id));
    }
}
