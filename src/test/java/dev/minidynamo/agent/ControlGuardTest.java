package dev.minidynamo.agent;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import java.io.IOException;
import java.util.Set;

class ControlGuardTest {

    private static MockHttpServletRequest request(String method, String path, String host) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        request.addHeader("Host", host);
        request.setServerName(host.replaceFirst(":\\d+$", ""));
        return request;
    }

    private static int status(String secret, MockHttpServletRequest request)
            throws ServletException, IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        new ControlGuard(secret, Set.of("console"))
                .doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }

    @Test
    void ourOwnPageMayChangeState() throws Exception {
        MockHttpServletRequest request =
                request("POST", "/control/nodes/n1/kill", "localhost:8080");
        request.addHeader("Origin", "http://localhost:8080");
        assertThat(status(null, request)).isEqualTo(200);
    }

    @Test
    void thePageOfSomebodyElseMayNot() throws Exception {
        MockHttpServletRequest request =
                request("POST", "/control/nodes/n1/kill", "localhost:8080");
        request.addHeader("Origin", "http://evil.example");
        assertThat(status(null, request)).isEqualTo(403);
    }

    @Test
    void withoutAnOriginTheBearerTokenIsNeeded() throws Exception {
        MockHttpServletRequest request =
                request("POST", "/control/nodes/n1/kill", "localhost:8080");
        assertThat(status("hush", request)).isEqualTo(403);
        request.addHeader("Authorization", "Bearer hush");
        assertThat(status("hush", request)).isEqualTo(200);
    }

    @Test
    void aReboundNameIsRefusedEvenForReading() throws Exception {
        assertThat(status(null, request("GET", "/", "evil.example"))).isEqualTo(403);
        assertThat(status(null, request("GET", "/", "console:8080"))).isEqualTo(200);
    }

    @Test
    void anAgentWithASecretAnswersNobodyWithoutIt() throws Exception {
        MockHttpServletRequest request = request("GET", "/agent/nodes/n1", "localhost:7001");
        assertThat(status("hush", request)).isEqualTo(401);
        request.addHeader("Authorization", "Bearer hush");
        assertThat(status("hush", request)).isEqualTo(200);
    }
}
