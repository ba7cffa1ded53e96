package dev.minidynamo.dashboard;

import dev.minidynamo.dashboard.scenario.ScenarioDesk;
import dev.minidynamo.dashboard.scenario.ScenarioReport;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** Runs scenarios and hands out their reports. */
@Controller
class ScenarioController {

    private final ScenarioDesk desk;
    private final Notices notices;

    ScenarioController(ScenarioDesk desk, Notices notices) {
        this.desk = desk;
        this.notices = notices;
    }

    @PostMapping("/control/scenarios/{name}")
    Object start(
            @PathVariable String name,
            @RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
        boolean form = ControlController.isForm(accept);
        try {
            ScenarioReport.View view = desk.start(name);
            return form
                    ? "redirect:/#scenario-" + name
                    : ResponseEntity.status(HttpStatus.ACCEPTED).body(view);
        } catch (IllegalStateException e) {
            String sentence = String.valueOf(e.getMessage());
            if (form) {
                long notice = notices.add(new Notices.Notice(false, sentence));
                return "redirect:/?notice=" + notice + "#scenarios";
            }
            return problem(HttpStatus.CONFLICT, sentence);
        } catch (IllegalArgumentException e) {
            return problem(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    @PostMapping("/control/scenarios/{name}/abort")
    Object abort(
            @PathVariable String name,
            @RequestHeader(value = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
        Object answer = stop(name);
        return ControlController.isForm(accept) ? "redirect:/#scenario-" + name : answer;
    }

    @DeleteMapping("/control/scenarios/{name}")
    ResponseEntity<?> stop(@PathVariable String name) {
        try {
            desk.abort(name);
            return ResponseEntity.accepted().body(desk.find(name));
        } catch (IllegalArgumentException e) {
            return problem(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    /** The last run as JSON; {@code download} makes a browser save it. */
    @GetMapping("/control/scenarios/{name}")
    ResponseEntity<?> report(
            @PathVariable String name, @RequestParam(required = false) @Nullable String download) {
        try {
            ScenarioDesk.Entry entry = desk.find(name);
            ScenarioReport.View last = entry.last();
            if (last == null) {
                return ResponseEntity.ok(entry);
            }
            ResponseEntity.BodyBuilder answer =
                    ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
            if (download != null) {
                answer.header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"scenario-" + entry.name() + ".json\"");
            }
            return answer.body(last);
        } catch (IllegalArgumentException e) {
            return problem(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    @GetMapping("/parts/scenario/{name}")
    String part(@PathVariable String name, Model model) {
        model.addAttribute("each", desk.find(name));
        return "parts/scenarios :: scenario";
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String sentence) {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, sentence)).build();
    }
}
