package dev.minidynamo.dashboard;

import dev.minidynamo.agent.ControlException;
import dev.minidynamo.agent.Fleet;
import dev.minidynamo.agent.NodeControl;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page with each node's state, and the forms that kill, pause and restart it. */
@Controller
class OverviewController {

    private final ClusterConfig cluster;
    private final Fleet fleet;

    OverviewController(ClusterConfig cluster, Fleet fleet) {
        this.cluster = cluster;
        this.fleet = fleet;
    }

    @GetMapping("/")
    String page(Model model) {
        model.addAttribute("cluster", cluster);
        model.addAttribute("nodes", fleet.views());
        model.addAttribute("events", fleet.events().recent().reversed());
        return "overview";
    }

    @PostMapping("/control/nodes/{id}/{action}")
    String act(@PathVariable String id, @PathVariable String action, RedirectAttributes flash) {
        try {
            NodeControl node = fleet.node(new NodeId(id));
            switch (action) {
                case "kill" -> node.kill();
                case "restart" -> node.restart();
                case "pause" -> node.pause();
                case "resume" -> node.resume();
                default -> throw new ControlException("There is no action " + action + ".");
            }
        } catch (ControlException | IllegalArgumentException e) {
            flash.addFlashAttribute("message", e.getMessage());
        }
        return "redirect:/";
    }
}
