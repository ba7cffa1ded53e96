package dev.minidynamo.api;

import jakarta.servlet.http.HttpServletResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import java.io.IOException;

/** Answers what the handlers of this package throw as problem details. */
@RestControllerAdvice(basePackageClasses = ProblemHandler.class)
class ProblemHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    @ExceptionHandler
    void problem(Problem problem, HttpServletResponse response) throws IOException {
        problem.send(response);
    }

    @ExceptionHandler
    void brokenConnection(IOException e) {
        LOG.debug("A client's connection broke off.", e);
    }

    @ExceptionHandler
    void unreadable(HttpMessageNotReadableException e, HttpServletResponse response)
            throws IOException {
        LOG.debug("A body could not be read.", e);
        Problem.badRequest("the body is not the JSON object that is accepted here").send(response);
    }

    @ExceptionHandler
    void bug(RuntimeException bug, HttpServletResponse response) throws IOException {
        LOG.error("A request failed by a bug.", bug);
        new Problem(500, "this node failed to answer, by a bug; its log says more").send(response);
    }
}
