package dev.minidynamo.api;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;

/** Problem details for what no handler answers: unknown addresses, wrong methods. */
@RestController
class ErrorAnswer implements ErrorController {

    @RequestMapping("/error")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int status = code instanceof Integer number ? number : 404;
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        String detail =
                switch (status) {
                    case 404 -> "nothing is served at " + path;
                    case 405 -> "this method is not offered at " + path;
                    default -> "the request to " + path + " failed";
                };
        new Problem(status, detail).send(response);
    }
}
