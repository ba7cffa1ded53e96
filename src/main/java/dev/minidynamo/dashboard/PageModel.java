package dev.minidynamo.dashboard;

import dev.minidynamo.dashboard.scenario.ScenarioDesk;
import dev.minidynamo.model.ClusterConfig;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** What the page's template is filled with. */
@Component
class PageModel {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final ClusterConfig config;
    private final ClusterWatch watch;
    private final EventHub hub;
    private final Timeline timeline;
    private final Notices notices;
    private final ScenarioDesk scenarios;
    private final boolean readOnly;

    PageModel(
            ClusterWatch watch,
            ClusterConfig config,
            EventHub hub,
            Timeline timeline,
            Notices notices,
            ScenarioDesk scenarios,
            @Value("${dynamo.read-only:false}") boolean readOnly) {
        this.watch = watch;
        this.config = config;
        this.hub = hub;
        this.timeline = timeline;
        this.notices = notices;
        this.scenarios = scenarios;
        this.readOnly = readOnly;
    }

    /** Everything that is on every page. */
    void fill(Model model, @Nullable String notice) {
        model.addAttribute("config", config);
        model.addAttribute("live", hub.values());
        model.addAttribute("ring", RingPicture.of(config, watch.ring()));
        model.addAttribute("fields", LiveValues.FIELDS);
        model.addAttribute("form", KvForm.blank(config));
        model.addAttribute("timeline", timeline.newestFirst());
        model.addAttribute("categories", Timeline.CATEGORIES);
        model.addAttribute("scenarios", scenarios.all());
        model.addAttribute("readOnly", readOnly);
        model.addAttribute("clock", (Clock) PageModel::time);
        Notices.Notice found = notices.find(notice);
        if (found != null) {
            model.addAttribute("notice", found);
        }
        samples(model);
    }

    /** The charts' figures as a table. */
    void samples(Model model) {
        model.addAttribute("samples", hub.samples().table());
        model.addAttribute("clock", (Clock) PageModel::time);
    }

    /** Writes a wall time as the clock on this machine shows it. */
    public interface Clock {
        String time(long millis);
    }

    private static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }
}
