package dev.minidynamo.dashboard;

import dev.minidynamo.agent.ControlException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
            model.addAttribute("node", id);
            model.addAttribute("action", action);
            return "confirm";
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

    /** A fault on a link, as its form states it. */
    record LinkForm(
            String a,
            String b,
            String kind,
            Integer delayMillis,
            Integer lossPercent,
            Integer seconds) {

        LinkForm {
            kind = kind == null ? "cut" : kind;
            delayMillis = delayMillis == null ? Integer.valueOf(200) : delayMillis;
            lossPercent = lossPercent == null ? Integer.valueOf(0) : lossPercent;
            seconds = seconds == null ? Integer.valueOf(30) : seconds;
        }
    }

    @PostMapping("/control/links")
    Object disturb(
            LinkForm form,
            @RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
        return done(
                accept,
                () ->
                        switch (form.kind()) {
                            case "cut" -> desk.cut(form.a(), form.b(), form.seconds());
                            case "slow" ->
                                    desk.slow(
                                            form.a(),
                                            form.b(),
                                            form.delayMillis(),
                                            form.lossPercent(),
                                            form.seconds());
                            default ->
                                    throw new IllegalArgumentException(
                                            "The kind is \""
                                                    + form.kind()
                                                    + "\"; accepted is cut or slow.");
                        });
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
        Notices.Notice notice;
        try {
            notice = new Notices.Notice(true, action.get());
        } catch (ControlException | IllegalArgumentException e) {
            notice = new Notices.Notice(false, String.valueOf(e.getMessage()));
        }
        if (isForm(accept)) {
            return "redirect:/?notice=" + notices.add(notice) + "#nodes";
        }
        HttpStatus status = notice.good() ? HttpStatus.OK : HttpStatus.CONFLICT;
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("done", notice.good(), "detail", notice.text()));
    }

    static boolean isForm(String accept) {
        return accept.contains(MediaType.TEXT_HTML_VALUE);
    }
}
