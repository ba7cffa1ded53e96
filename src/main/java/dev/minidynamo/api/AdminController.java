package dev.minidynamo.api;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code /admin}: what an operator or a scenario may order a node to do. */
@RestController
@RequestMapping("/admin")
class AdminController {

    private final Scheduler loop;
    private final Node node;

    AdminController(Scheduler loop, Node node) {
        this.loop = loop;
        this.node = node;
    }

    /** Whether hints are held back. */
    record HintOrder(@Nullable Boolean paused) {}

    /** Whether anti-entropy runs. */
    record AntiEntropyOrder(@Nullable Boolean enabled) {}

    @PostMapping("/snapshot")
    Map<String, Object> snapshot() {
        return Map.of("outcome", ask(node.store()::snapshot));
    }

    @PostMapping("/compact")
    Map<String, Object> compact() {
        return Map.of("outcome", ask(node.store()::compact));
    }

    @PostMapping("/hints")
    Map<String, Object> pauseHints(@RequestBody HintOrder order) {
        Boolean paused = order.paused();
        if (paused == null) {
            throw Problem.badRequest("paused is missing; accepted is {\"paused\":true} or false");
        }
        order(() -> node.hints().setPaused(paused));
        return Map.of("paused", paused);
    }

    /** Drops the hints for one target, or for all; anti-entropy will have to repair. */
    @DeleteMapping("/hints")
    Map<String, Object> dropHints(@RequestParam(required = false) @Nullable String target) {
        List<NodeId> dropped =
                node.options().cluster().ids().stream()
                        .filter(id -> target == null || id.value().equals(target))
                        .toList();
        if (dropped.isEmpty()) {
            throw Problem.badRequest(
                    "target is \""
                            + target
                            + "\"; accepted is one of "
                            + node.options().cluster().ids());
        }
        order(() -> dropped.forEach(node.hints()::dropAll));
        return Map.of("dropped", dropped.stream().map(NodeId::value).toList());
    }

    @PostMapping({"/anti-entropy", "/ae"})
    Map<String, Object> antiEntropy(@RequestBody AntiEntropyOrder order) {
        Boolean enabled = order.enabled();
        if (enabled == null) {
            throw Problem.badRequest("enabled is missing; accepted is {\"enabled\":true} or false");
        }
        order(() -> node.antiEntropy().setEnabled(enabled));
        return Map.of("enabled", enabled);
    }

    private void order(Runnable order) {
        Waiter<Boolean> done = new Waiter<>();
        loop.execute(() -> {
            order.run();
            done.accept(true);
        });
        done.await();
    }

    private String ask(Consumer<Consumer<String>> order) {
        Waiter<String> outcome = new Waiter<>();
        loop.execute(() -> order.accept(outcome));
        return outcome.await();
    }
}
