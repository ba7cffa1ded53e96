package dev.minidynamo.api;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import jakarta.servlet.http.HttpServletResponse;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

import java.io.IOException;

/** Writes JSON answers without going through message converters; ids and versions are text. */
final class Json {

    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(new ToStringSerializer(NodeId.class))
                                    .addSerializer(new ToStringSerializer(Key.class))
                                    .addSerializer(new ToStringSerializer(Version.class)))
                    .build();

    private Json() {}

    static void send(HttpServletResponse response, String contentType, Object body)
            throws IOException {
        byte[] bytes = MAPPER.writeValueAsBytes(body);
        response.setContentType(contentType);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
