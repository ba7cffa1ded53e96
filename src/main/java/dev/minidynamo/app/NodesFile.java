package dev.minidynamo.app;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code nodes.json}, read field by field, so that each mistake gets a sentence that names the
 * field, its value and what is accepted.
 */
final class NodesFile {

    private static final String OBJECT = "an object such as {\"nodes\": […], \"n\": 3, …}";
    private static final String LIST = "a list of objects with id and addr";
    private static final String ID = "1 to 32 letters, digits, '-', '_' or '.'";
    private static final List<String> FIELDS = List.of("cluster", "nodes", "vnodes", "n", "r", "w");
    private static final List<String> NODE_FIELDS = List.of("id", "addr", "zone", "agent");

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final String name;

    private NodesFile(String name) {
        this.name = name;
    }

    /**
     * Reads the file.
     *
     * @param overrides facts that are given elsewhere and win over the file's
     * @throws StartRefused with exit status 2 and a sentence
     */
    static ClusterConfig read(Path path, Options overrides) {
        String text;
        try {
            text = Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new StartRefused(
                    StartRefused.USAGE,
                    "config is \""
                            + path
                            + "\", which does not exist; name the cluster's file by"
                            + " --config=FILE.");
        } catch (IOException e) {
            throw new StartRefused(
                    StartRefused.USAGE,
                    "config is \""
                            + path
                            + "\", which cannot be read as text: "
                            + (e instanceof CharacterCodingException
                                    ? "it is not UTF-8"
                                    : e.getMessage())
                            + ".");
        }
        return parse(path.toString(), text, overrides);
    }

    static ClusterConfig parse(String name, String text, Options overrides) {
        return new NodesFile(name).cluster(text, overrides);
    }

    private ClusterConfig cluster(String text, Options overrides) {
        JsonNode root = tree(text);
        if (root.isMissingNode()) {
            throw refuse("the file is empty; accepted is " + OBJECT);
        }
        if (!root.isObject()) {
            throw wrong("the file", root, OBJECT);
        }
        onlyFields("", root, FIELDS);
        List<ClusterConfig.Member> members = members(required("nodes", root, LIST));
        try {
            return new ClusterConfig(
                    overrides.text("cluster", text("cluster", root.get("cluster"), "default")),
                    members,
                    fact("vnodes", root, overrides),
                    fact("n", root, overrides),
                    fact("r", root, overrides),
                    fact("w", root, overrides));
        } catch (IllegalArgumentException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    private JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where =
                    at == null || at.getLineNr() < 1
                            ? ""
                            : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            String why = e.getOriginalMessage().replaceAll(" \\(start marker at \\[[^]]*]\\)", "");
            throw refuse("the text is not JSON" + where + ": " + why);
        }
    }

    private List<ClusterConfig.Member> members(JsonNode nodes) {
        if (!nodes.isArray()) {
            throw wrong("nodes", nodes, LIST);
        }
        List<ClusterConfig.Member> members = new ArrayList<>();
        for (JsonNode node : nodes) {
            members.add(member("nodes[" + members.size() + "]", node));
        }
        return members;
    }

    private ClusterConfig.Member member(String at, JsonNode node) {
        if (!node.isObject()) {
            throw wrong(at, node, "an object with id and addr");
        }
        onlyFields(at + ".", node, NODE_FIELDS);
        String id = text(at + ".id", required(at + ".id", node, ID), "");
        String address = address(at + ".addr", required(at + ".addr", node, HostPort.ACCEPTED));
        JsonNode agent = node.get("agent");
        try {
            return new ClusterConfig.Member(
                    new NodeId(id),
                    address,
                    text(at + ".zone", node.get("zone"), ""),
                    agent == null ? null : address(at + ".agent", agent));
        } catch (IllegalArgumentException e) {
            throw refuse(at + ".id is \"" + id + "\"; accepted is " + ID);
        }
    }

    private String address(String field, JsonNode value) {
        String text = text(field, value, "");
        try {
            HostPort parsed = HostPort.parse(text);
            if (!parsed.host().equals("0.0.0.0")) {
                return parsed.toString();
            }
        } catch (IllegalArgumentException e) {
            throw wrong(field, value, HostPort.ACCEPTED);
        }
        throw wrong(field, value, "an address that other nodes can reach, such as 127.0.0.1:9001");
    }

    private String text(String field, @Nullable JsonNode value, String otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!value.isString()) {
            throw wrong(field, value, "text");
        }
        return value.stringValue();
    }

    private int fact(String field, JsonNode root, Options overrides) {
        if (overrides.has(field)) {
            return overrides.whole(field, 0, 0, Integer.MAX_VALUE);
        }
        JsonNode value = required(field, root, "a whole number");
        if (!value.isInt()) {
            throw wrong(field, value, "a whole number");
        }
        return value.intValue();
    }

    private JsonNode required(String field, JsonNode parent, String accepted) {
        JsonNode value = parent.get(field.substring(field.lastIndexOf('.') + 1));
        if (value == null) {
            throw refuse(field + " is missing; accepted is " + accepted);
        }
        return value;
    }

    private void onlyFields(String at, JsonNode object, List<String> accepted) {
        Set<String> unknown = new TreeSet<>(object.propertyNames());
        accepted.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw refuse(
                    "the field \""
                            + at
                            + unknown.iterator().next()
                            + "\" is unknown; accepted are "
                            + String.join(", ", accepted));
        }
    }

    private StartRefused wrong(String field, JsonNode value, String accepted) {
        return refuse(field + " is " + value + "; accepted is " + accepted);
    }

    private StartRefused refuse(String sentence) {
        return new StartRefused(StartRefused.USAGE, name + ": " + sentence + ".");
    }
}
