package dev.minidynamo.api;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;

/**
 * {@code /v3/api-docs}: the description of the public API, and {@code /swagger-ui.html}, a page
 * that shows it.
 *
 * <p>The description is written by hand, because the handlers of {@code /kv} read the raw request;
 * see docs/decisions/openapi-by-hand.md. A test sends requests made from it to a running node.
 */
@RestController
class OpenApiController {

    @GetMapping("/v3/api-docs")
    void description(HttpServletResponse response) throws IOException {
        try (InputStream in = new ClassPathResource("api/openapi.yaml").getInputStream()) {
            Map<String, Object> document =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            Json.send(response, "application/json", document);
        }
    }

    @GetMapping("/swagger-ui.html")
    void page(HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=utf-8");
        try (InputStream in = new ClassPathResource("api/swagger-ui.html").getInputStream()) {
            in.transferTo(response.getOutputStream());
        }
    }

    @GetMapping("/swagger-ui/swagger-ui.css")
    void style(HttpServletResponse response) throws IOException {
        response.setContentType("text/css;charset=utf-8");
        asset("swagger-ui.css", response);
    }

    @GetMapping("/swagger-ui/swagger-ui-bundle.js")
    void script(HttpServletResponse response) throws IOException {
        response.setContentType("text/javascript;charset=utf-8");
        asset("swagger-ui-bundle.js", response);
    }

    private static void asset(String name, HttpServletResponse response) throws IOException {
        String folder = "META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + "/";
        try (InputStream in = new ClassPathResource(folder + name).getInputStream()) {
            in.transferTo(response.getOutputStream());
        }
    }

    private static String swaggerVersion() throws IOException {
        Properties facts =
                PropertiesLoaderUtils.loadAllProperties(
                        "META-INF/maven/org.webjars/swagger-ui/pom.properties");
        return facts.getProperty("version");
    }
}
