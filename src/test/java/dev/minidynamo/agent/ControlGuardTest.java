package dev.minidynamo.agent;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

class ControlGuardTest {

    private static MockHttpServletRequest request(String method, String path, String host) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        request.addHeader("Host", host);
        request.setServerName(host.replaceFirst(":\\d+$", ""));
        return request;
    }

    private static MockHttpServletResponse answer(
            ControlGuard.Guarded guarded, String secret, MockHttpServletRequest request)
            throws ServletException, IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        new ControlGuard(guarded, secret, Set.of("console"))
                .doFilter(request, response, new MockFilterChain());
        return response;
    }

    private static int status(String secret, MockHttpServletRequest request)
            throws ServletException, IOException {
        return answer(ControlGuard.Guarded.OPEN_DASHBOARD, secret, request).getStatus();
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
        assertThat(status(null, request("GET", "/", "1.2.3.4.example"))).isEqualTo(403);
        assertThat(status(null, request("GET", "/", "console:8080"))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.5:8080", "[fd00::5]:8080", "LocalHost:8080", "Console"})
    void anOpenDashboardIsReachedUnderAnyAddressAndItsOwnNames(String host) throws Exception {
        MockHttpServletRequest request = request("POST", "/control/heal", host);
        request.addHeader("Origin", "http://" + host);
        assertThat(status(null, request)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/agent/nodes/n1",
                "/%61gent/nodes/n1",
                "/x/../agent/nodes/n1",
                "//agent/nodes/n1",
                "/;x/agent/nodes/n1",
                "/actuator/metrics"
            })
    void anAgentWithASecretAnswersNobodyWithoutItHoweverThePathIsWritten(String path)
            throws Exception {
        MockHttpServletRequest request = request("GET", path, "localhost:7001");
        MockHttpServletResponse refused = answer(ControlGuard.Guarded.AGENT, "hush", request);
        assertThat(refused.getStatus()).isEqualTo(401);
        assertThat(refused.getHeader("WWW-Authenticate")).isEqualTo("Bearer");
        request.addHeader("Authorization", "bearer hush");
        assertThat(answer(ControlGuard.Guarded.AGENT, "hush", request).getStatus()).isEqualTo(200);
    }

    @Test
    void anAgentTakesNoPassword() throws Exception {
        MockHttpServletRequest request = request("GET", "/agent/nodes/n1", "localhost:7001");
        request.addHeader("Authorization", password("hush"));
        assertThat(answer(ControlGuard.Guarded.AGENT, "hush", request).getStatus()).isEqualTo(401);
    }

    @Test
    void aDashboardOnTheNetworkNeedsTheSecretAsAPassword() throws Exception {
        ControlGuard.Guarded locked = ControlGuard.Guarded.LOCKED_DASHBOARD;
        MockHttpServletRequest page = request("GET", "/", "localhost:8080");
        MockHttpServletResponse refused = answer(locked, "hush", page);
        assertThat(refused.getStatus()).isEqualTo(401);
        assertThat(refused.getHeader("WWW-Authenticate")).startsWith("Basic realm=");
        page.addHeader("Authorization", password("hush"));
        assertThat(answer(locked, "hush", page).getStatus()).isEqualTo(200);

        MockHttpServletRequest wrong = request("POST", "/control/heal", "dashboard.example");
        wrong.addHeader("Origin", "http://dashboard.example");
        wrong.addHeader("Authorization", password("guess"));
        assertThat(answer(locked, "hush", wrong).getStatus()).isEqualTo(401);
    }

    @Test
    void aPasswordThatABrowserSendsForSomebodyElsesPageSteersNothing() throws Exception {
        MockHttpServletRequest request = request("POST", "/control/heal", "dashboard.example");
        request.addHeader("Authorization", password("hush"));
        request.addHeader("Origin", "http://evil.example");
        ControlGuard.Guarded locked = ControlGuard.Guarded.LOCKED_DASHBOARD;
        assertThat(answer(locked, "hush", request).getStatus()).isEqualTo(403);
        request.removeHeader("Origin");
        request.addHeader("Origin", "http://dashboard.example");
        assertThat(answer(locked, "hush", request).getStatus()).isEqualTo(200);
    }

    private static String password(String secret) {
        byte[] pair = ("anybody:" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
