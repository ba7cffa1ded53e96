package dev.minidynamo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ReadOnlyTest {

    @ParameterizedTest
    @CsvSource({"get, 200", "put, 403", "delete, 403", "'', 403"})
    void aReadOnlyConsoleReadsAndDoesNotWrite(String operation, int status) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/console");
        request.setParameter("operation", operation);
        MockHttpServletResponse response = new MockHttpServletResponse();

        new PageHeaders(true).doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"GET, true, 200", "POST, true, 403", "DELETE, true, 403", "POST, false, 200"})
    void aReadOnlyDashboardChangesNothing(String method, boolean readOnly, int status)
            throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        FilterChain chain = new MockFilterChain();

        new PageHeaders(readOnly)
                .doFilter(new MockHttpServletRequest(method, "/control/heal"), response, chain);

        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(response.getHeader("Content-Security-Policy")).contains("default-src 'none'");
    }
}
