package dev.minidynamo.api;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Answers what Tomcat itself refuses as problem details; made by Tomcat, by name. */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String message = response.getMessage();
        String detail =
                message == null || message.isBlank()
                        ? "the server refused the request before it reached the node"
                        : message;
        try {
            byte[] body = Json.MAPPER.writeValueAsBytes(new Problem(status, detail).details());
            response.setContentType(Problem.CONTENT_TYPE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("no error report could be sent", e);
        }
    }
}
