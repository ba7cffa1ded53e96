package dev.minidynamo.api;

import jakarta.servlet.ServletException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Answers what Tomcat itself refuses as problem details, and gives each request a way to set a
 * content type verbatim; made by Tomcat, by name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    /** The attribute of a request that holds Tomcat's own view of its response. */
    static final String RAW_RESPONSE = ProblemReportValve.class.getName() + ".response";

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        request.setAttribute(RAW_RESPONSE, response.getCoyoteResponse());
        super.invoke(request, response);
    }

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
