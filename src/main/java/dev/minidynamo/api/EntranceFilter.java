package dev.minidynamo.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;

/** The {@link Entrance} for what comes through Tomcat. */
final class EntranceFilter implements Filter {

    private final Entrance entrance;

    EntranceFilter(Entrance entrance) {
        this.entrance = entrance;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Problem problem = entrance.refusal(caller((HttpServletRequest) request));
        if (problem == null) {
            chain.doFilter(request, response);
        } else {
            problem.send((HttpServletResponse) response);
        }
    }

    private static Entrance.Caller caller(HttpServletRequest request) {
        return new Entrance.Caller(
                request.getMethod(),
                request.getRequestURI(),
                request.getQueryString(),
                request.getScheme(),
                request.getHeader("Host"),
                request.getHeader("Origin"),
                request.getHeader("Authorization"));
    }
}
