package dev.minidynamo.dashboard;

import dev.minidynamo.agent.ControlException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * Steers nodes and links: as forms, which lead back to the page, and as calls, which answer in
 * JSON.
 */
@Controller
class ControlController {

    private final ControlDesk desk;
    private final KvDesk keys;
    private final Notices notices;

    ControlController(ControlDesk desk, KvDesk keys, Notices notices) {
        this.desk = desk;
        this.keys = keys;
        this.notices = notices;
    }

    @PostMapping("/control/nodes/{id}/{action}")
    Object act(
            @PathVariable String id,
            @PathVariable String action,
            @RequestParam(defaultValue = "") String confirm,
            @RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept,
            Model model) {
        if (isForm(accept) && confirm.isEmpty() && mustAsk(id, action)) {
            return ask(model, "Without " + id, action + " " + id, Map.of());
        }
        return done(accept, () -> desk.act(id, ControlDesk.Action.of(action)));
    }

    private boolean mustAsk(String id, String action) {
        try {
            return desk.losesWrites(id, ControlDesk.Action.of(action));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Cuts or slows a link; {@link LinkForm} knows the fields. */
    @PostMapping("/control/links")
    Object disturb(
            @RequestParam Map<String, String> form,
            @RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept,
            Model model) {
        if (isForm(accept) && !form.containsKey("confirm") && mustAsk(form)) {
            String link = form.get("a") + " and " + form.get("b");
            return ask(model, "With no link between " + link, "cut " + link, form);
        }
        return done(accept, () -> desk.disturb(LinkForm.read(form)));
    }

    private boolean mustAsk(Map<String, String> form) {
        try {
            return desk.losesWrites(LinkForm.read(form));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The page that asks before an action; it sends the same request once more, confirmed. */
    private static String ask(
            Model model, String after, String action, Map<String, String> fields) {
        model.addAttribute("after", after);
        model.addAttribute("action", action);
        model.addAttribute("fields", fields);
        return "confirm";
    }

    @DeleteMapping("/control/links")
    Object heal(@RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
        return healAll(accept);
    }

    @PostMapping("/control/heal")
    Object healAll(@RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
        return done(
                accept,
                () -> {
                    List<String> failures = desk.healAll();
                    if (!failures.isEmpty()) {
                        throw new ControlException(String.join(" ", failures));
                    }
                    return "Everything is being healed.";
                });
    }

    @PostMapping("/control/samples")
    Object samples(@RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
        return done(
                accept,
                () -> {
                    int stored = keys.loadSamples(100);
                    if (stored == 0) {
                        throw new ControlException("No sample key could be stored.");
                    }
                    return stored + " of 100 sample keys were stored.";
                });
    }

    private Object done(String accept, Supplier<String> action) {
        HttpStatus status = HttpStatus.OK;
        String sentence;
        try {
            sentence = action.get();
        } catch (ControlException | IllegalArgumentException | NoSuchElementException e) {
            status = status(e);
            sentence = String.valueOf(e.getMessage());
        }
        boolean good = status == HttpStatus.OK;
        if (isForm(accept)) {
            long notice = notices.add(new Notices.Notice(good, sentence));
            return "redirect:/?notice=" + notice + "#nodes";
        }
        return good
                ? ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(Map.of("done", true, "detail", sentence))
                : ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, sentence)).build();
    }

    private static HttpStatus status(RuntimeException refusal) {
        return switch (refusal) {
            case NoSuchElementException e -> HttpStatus.NOT_FOUND;
            case IllegalArgumentException e -> HttpStatus.BAD_REQUEST;
            default -> HttpStatus.CONFLICT;
        };
    }

    static boolean isForm(String accept) {
        return accept.contains(MediaType.TEXT_HTML_VALUE);
    }
}
