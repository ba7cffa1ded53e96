package dev.minidynamo.agent;

import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import java.util.NoSuchElementException;

/** The control of an agent's nodes over HTTP, for a console on another machine. */
@RestController
@RequestMapping("/agent/nodes")
public class AgentController {

    private final Fleet fleet;

    public AgentController(Fleet fleet) {
        this.fleet = fleet;
    }

    @GetMapping("/{id}")
    Answer one(@PathVariable String id) {
        return Answer.of(control(id).view());
    }

    @PostMapping("/{id}/kill")
    Answer kill(@PathVariable String id) {
        return Answer.of(control(id).kill());
    }

    @PostMapping("/{id}/restart")
    Answer restart(@PathVariable String id) {
        return Answer.of(control(id).restart());
    }

    @PostMapping("/{id}/pause")
    Answer pause(@PathVariable String id) {
        return Answer.of(control(id).pause());
    }

    @PostMapping("/{id}/resume")
    Answer resume(@PathVariable String id) {
        return Answer.of(control(id).resume());
    }

    @ExceptionHandler(ControlException.class)
    ProblemDetail refused(ControlException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler(NoSuchElementException.class)
    ProblemDetail notHere(NoSuchElementException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
    }

    @ExceptionHandler(IllegalArgumentException.class)
    ProblemDetail badId(IllegalArgumentException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }

    private NodeControl control(String id) {
        return fleet.node(new NodeId(id));
    }

    /** A {@link NodeView} in JSON. */
    record Answer(
            String id,
            String address,
            NodeState state,
            @Nullable Long pid,
            long sinceMillis,
            @Nullable Integer exitStatus,
            int restarts,
            String note) {

        static Answer of(NodeView view) {
            return new Answer(
                    view.id().value(),
                    view.address(),
                    view.state(),
                    view.pid(),
                    view.sinceMillis(),
                    view.exitStatus(),
                    view.restarts(),
                    view.note());
        }
    }
}
