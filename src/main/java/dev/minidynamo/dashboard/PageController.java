package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

import java.util.Map;

/**
 * The page and its parts.
 *
 * <p>Each part that a person asks for can be had in two ways: as a whole page, for browsers without
 * JavaScript, or alone, when the request says {@code X-Fragment}.
 */
@Controller
class PageController {

    private static final String FRAGMENT = "X-Fragment";

    private final PageModel page;
    private final KvDesk desk;
    private final ClusterConfig config;

    PageController(PageModel page, KvDesk desk, ClusterConfig config) {
        this.page = page;
        this.desk = desk;
        this.config = config;
    }

    @GetMapping("/")
    String index(
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String keyEncoded,
            @RequestParam(defaultValue = "") String prefix,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(required = false) @Nullable String notice,
            Model model) {
        page.fill(model, notice);
        lookUp(key, keyEncoded, model);
        model.addAttribute("keys", desk.browse(prefix, cursor));
        return "index";
    }

    @PostMapping("/console")
    String console(
            @RequestParam Map<String, String> form,
            @RequestHeader(value = FRAGMENT, required = false) @Nullable String fragment,
            Model model) {
        KvForm request = KvForm.blank(config);
        KvResult result;
        try {
            request = KvForm.of(form, config);
            result = desk.run(request);
        } catch (IllegalArgumentException e) {
            result = KvResult.refused(String.valueOf(e.getMessage()), "");
        }
        model.addAttribute("result", result);
        if (fragment != null) {
            return "parts/console :: result";
        }
        page.fill(model, null);
        model.addAttribute("form", request);
        model.addAttribute("keys", desk.browse("", ""));
        return "index";
    }

    @GetMapping("/lookup")
    String lookup(
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "") String keyEncoded,
            Model model) {
        lookUp(key, keyEncoded, model);
        return "parts/lookup :: result";
    }

    private void lookUp(String key, String keyEncoded, Model model) {
        if (!key.isEmpty()) {
            model.addAttribute("lookup", desk.lookup(TypedKey.of(key, keyEncoded)));
        }
    }

    @GetMapping("/keys")
    String keys(
            @RequestParam(defaultValue = "") String prefix,
            @RequestParam(defaultValue = "") String cursor,
            Model model) {
        model.addAttribute("keys", desk.browse(prefix, cursor));
        return "parts/keys :: result";
    }

    @GetMapping("/parts/ring")
    String ring(Model model) {
        page.fill(model, null);
        return "parts/ring :: ring";
    }

    @GetMapping("/parts/figures")
    String figures(Model model) {
        page.samples(model);
        return "parts/charts :: figures";
    }
}
