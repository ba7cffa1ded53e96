package dev.minidynamo.api;

import jakarta.servlet.http.HttpServletResponse;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;

/** Writes JSON answers without going through message converters. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static void send(HttpServletResponse response, String contentType, Object body)
            throws IOException {
        byte[] bytes = MAPPER.writeValueAsBytes(body);
        response.setContentType(contentType);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
