package dev.minidynamo.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An OpenAPI document as plain maps, and the part of JSON Schema that ours uses. */
record Description(Map<String, Object> root) {

    private static final Map<String, Object> NOTHING = Map.of();

    Map<String, Object> map(Object node) {
        return node == null ? NOTHING : resolve(node);
    }

    Map<String, Object> map(Object node, String name) {
        return map(map(node).get(name));
    }

    /** The node itself, or what its {@code $ref} names. */
    @SuppressWarnings("unchecked")
    Map<String, Object> resolve(Object node) {
        Map<String, Object> map = (Map<String, Object>) node;
        Object reference = map.get("$ref");
        if (reference == null) {
            return map;
        }
        Object target = root;
        for (String name : reference.toString().substring(2).split("/", -1)) {
            target = ((Map<String, Object>) target).get(name);
        }
        if (target == null) {
            throw new AssertionError(reference + " leads nowhere");
        }
        return resolve(target);
    }

    Map<String, Object> operation(String path, String method) {
        return map(map(map(root, "paths"), path), method);
    }

    /** The parameters of an operation and of its path. */
    List<Map<String, Object>> parameters(String path, String method) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (Map<String, Object> owner :
                List.of(map(map(root, "paths"), path), operation(path, method))) {
            if (owner.get("parameters") instanceof List<?> list) {
                list.forEach(one -> parameters.add(resolve(one)));
            }
        }
        return parameters;
    }

    /** Where and how a value is not what the schema says. */
    List<String> violations(Object schemaNode, Object value, String at) {
        Map<String, Object> schema = map(schemaNode);
        List<String> found = new ArrayList<>();
        schema.forEach((word, rule) -> found.addAll(violations(schema, word, rule, value, at)));
        return found;
    }

    private List<String> violations(
            Map<String, Object> schema, String word, Object rule, Object value, String at) {
        return switch (word) {
            case "type" -> unless(isType(rule, value), at + " is not " + rule);
            case "enum" -> unless(((List<?>) rule).contains(value), at + " is " + value);
            case "const" -> unless(rule.equals(value), at + " is " + value);
            case "pattern" ->
                    unless(String.valueOf(value).matches(rule.toString()), at + " is " + value);
            case "minimum" -> unless(number(value) >= number(rule), at + " is " + value);
            case "maximum" -> unless(number(value) <= number(rule), at + " is " + value);
            case "required" ->
                    ((List<?>) rule)
                            .stream()
                                    .filter(name -> !has(value, name))
                                    .map(name -> at + " has no " + name)
                                    .toList();
            case "allOf" ->
                    ((List<?>) rule)
                            .stream().flatMap(one -> violations(one, value, at).stream()).toList();
            case "items" ->
                    ((List<?>) value)
                            .stream()
                                    .flatMap(one -> violations(rule, one, at + "[]").stream())
                                    .toList();
            case "properties" -> properties(schema, value, at);
            default -> List.of();
        };
    }

    private List<String> properties(Map<String, Object> schema, Object value, String at) {
        List<String> found = new ArrayList<>();
        Map<String, Object> known = map(schema, "properties");
        boolean open = !Boolean.FALSE.equals(schema.get("additionalProperties"));
        ((Map<?, ?>) value)
                .forEach((name, one) -> {
                    if (known.containsKey(name)) {
                        found.addAll(violations(known.get(name), one, at + "." + name));
                    } else {
                        found.addAll(unless(open, at + "." + name + " is not described"));
                    }
                });
        return found;
    }

    private static List<String> unless(boolean fine, String violation) {
        return fine ? List.of() : List.of(violation);
    }

    private static boolean has(Object value, Object name) {
        return value instanceof Map<?, ?> object && object.containsKey(name);
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    private static boolean isType(Object rule, Object value) {
        if (rule instanceof List<?> several) {
            return several.stream().anyMatch(one -> isType(one, value));
        }
        return switch (rule.toString()) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> throw new AssertionError("type " + rule + " is not known here");
        };
    }
}
