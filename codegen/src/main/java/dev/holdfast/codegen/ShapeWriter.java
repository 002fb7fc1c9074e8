// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes one structure as a record with its schema and its builder. */
final class ShapeWriter {
  /**
   * Credentials, and what AWS never records, which its models do not mark: session tokens, the
   * registry's tokens, codes of second factors (good for a while where the call was denied), codes
   * of activations, ciphertexts (in whose place somebody gives a plaintext by mistake).
   */
  private static final Set<String> SENSITIVE_TOO =
      Set.of(
          "ecr.Base64",
          "iam.authenticationCodeType",
          "kms.CiphertextType",
          "logs.EventMessage",
          "ssm.ActivationCode",
          "sts.tokenCodeType",
          "sts.tokenType");

  private final Model model;
  private final String packageName;

  ShapeWriter(Model model, String packageName) {
    this.model = model;
    this.packageName = packageName;
  }

  /** One member of a structure. */
  private record Member(
      String wire,
      String component,
      String javaType,
      String typeExpression,
      boolean required,
      boolean collection) {}

  String write(String name) {
    JsonObject shape = model.shape(name);
    List<String> required = new ArrayList<>();
    shape.array("required").forEach(v -> required.add(((JsonString) v).text()));
    var members = new ArrayList<Member>();
    shape
        .object("members")
        .members()
        .forEach(
            (wire, value) -> {
              String target = Model.target((JsonObject) value);
              String type = javaType(target);
              members.add(
                  new Member(
                      wire,
                      Names.component(wire),
                      type,
                      typeExpression(target, (JsonObject) value),
                      required.contains(wire),
                      type.startsWith("List<") || type.startsWith("Map<")));
            });
    return render(Names.type(name), members);
  }

  private String render(String type, List<Member> members) {
    var out = new StringBuilder();
    out.append("// Generated from models/").append(model.name()).append(".json\n");
    out.append("package ").append(packageName).append(";\n\n");
    out.append(
        "import dev.holdfast.aws.Schema;\nimport dev.holdfast.aws.Shape;\nimport dev.holdfast.aws.Type;\n");
    out.append(
        "import java.time.Instant;\nimport java.util.List;\nimport java.util.Map;\nimport org.jspecify.annotations.Nullable;\n\n");
    out.append("/** The shape ").append(type).append(". */\n");
    out.append("public record ").append(type).append("(");
    out.append(
        members.stream()
            .map(
                m ->
                    (m.required() && !m.collection() ? m.javaType() : nullable(m))
                        + " "
                        + m.component())
            .collect(Collectors.joining(", ")));
    out.append(") implements Shape {\n");
    schema(out, type, members);
    accessors(out, members);
    builder(out, type, members);
    out.append("}\n");
    return out.toString();
  }

  private static String nullable(Member m) {
    return m.javaType().equals("byte[]") ? "byte @Nullable []" : "@Nullable " + m.javaType();
  }

  private static void schema(StringBuilder out, String type, List<Member> members) {
    out.append("  /** How the codecs see this shape. */\n");
    out.append("  public static final Schema SCHEMA =\n      Schema.of(\"")
        .append(type)
        .append("\", ")
        .append(type)
        .append("::of");
    for (Member m : members) {
      out.append(",\n          Schema.member(\"")
          .append(m.wire())
          .append("\", ")
          .append(m.required())
          .append(", ")
          .append(m.typeExpression())
          .append(")");
    }
    out.append(");\n\n");
    out.append("  @SuppressWarnings(\"unchecked\")\n  private static ")
        .append(type)
        .append(" of(@Nullable Object[] v) {\n    return new ")
        .append(type)
        .append("(");
    for (int i = 0; i < members.size(); i++) {
      out.append(i == 0 ? "" : ", ")
          .append("(")
          .append(members.get(i).javaType())
          .append(") v[")
          .append(i)
          .append("]");
    }
    out.append(");\n  }\n\n");
    out.append("  @Override\n  public Schema schema() {\n    return SCHEMA;\n  }\n\n");
    out.append("  @Override\n  public @Nullable Object member(int index) {\n");
    if (members.isEmpty()) {
      out.append("    throw new IndexOutOfBoundsException(index);\n  }\n\n");
    } else {
      out.append("    return switch (index) {\n");
      for (int i = 0; i < members.size(); i++) {
        out.append("      case ")
            .append(i)
            .append(" -> ")
            .append(members.get(i).component())
            .append(";\n");
      }
      out.append("      default -> throw new IndexOutOfBoundsException(index);\n    };\n  }\n\n");
    }
    out.append("  @Override\n  public String toString() {\n    return Shape.text(this);\n  }\n\n");
  }

  private static void accessors(StringBuilder out, List<Member> members) {
    for (Member m : members) {
      if (m.collection()) {
        out.append("  /** The ").append(m.wire()).append("; empty where absent. */\n");
        out.append("  public ")
            .append(m.javaType())
            .append(" ")
            .append(m.component())
            .append("() {\n    return ")
            .append(m.component())
            .append(" == null ? ")
            .append(m.javaType().startsWith("List<") ? "List.of()" : "Map.of()")
            .append(" : ")
            .append(m.component())
            .append(";\n  }\n\n");
      }
    }
  }

  private static void builder(StringBuilder out, String type, List<Member> members) {
    out.append("  public static Builder builder() {\n    return new Builder();\n  }\n\n");
    out.append(
        "  /** A builder that starts from this value. */\n  public Builder toBuilder() {\n    var b = new Builder();\n");
    for (int i = 0; i < members.size(); i++) {
      out.append("    b.v[")
          .append(i)
          .append("] = ")
          .append(members.get(i).component())
          .append(";\n");
    }
    out.append("    return b;\n  }\n\n");
    out.append("  /** Builds a ")
        .append(type)
        .append("; what is not set stays absent. */\n  public static final class Builder {\n");
    out.append("    private final @Nullable Object[] v = new Object[")
        .append(members.size())
        .append("];\n\n    private Builder() {}\n\n");
    for (int i = 0; i < members.size(); i++) {
      Member m = members.get(i);
      out.append("    public Builder ")
          .append(m.component())
          .append("(")
          .append(nullable(m))
          .append(" value) {\n      v[")
          .append(i)
          .append("] = value;\n      return this;\n    }\n\n");
    }
    out.append("    public ").append(type).append(" build() {\n      return of(v);\n    }\n  }\n");
  }

  private String javaType(String target) {
    JsonObject shape = model.shape(target);
    return switch (kind(shape)) {
      case "string", "character" -> "String";
      case "integer" -> "Integer";
      case "long" -> "Long";
      case "double", "float" -> "Double";
      case "boolean" -> "Boolean";
      case "timestamp" -> "Instant";
      case "blob" -> "byte[]";
      case "list" -> "List<" + javaType(Model.target(shape.object("member"))) + ">";
      case "map" -> "Map<String, " + javaType(Model.target(shape.object("value"))) + ">";
      case "structure" -> Names.type(target);
      default -> throw new IllegalArgumentException("no Java type for " + target);
    };
  }

  private static String kind(JsonObject shape) {
    String type = shape.string("type");
    if (type == null) {
      throw new IllegalArgumentException("a shape without a type");
    }
    return type;
  }

  private String typeExpression(String target, JsonObject reference) {
    JsonObject shape = model.shape(target);
    return switch (kind(shape)) {
      case "string", "character" -> string(shape, sensitive(target, shape));
      case "integer" -> "Type.integer(" + bound(shape, "min") + ", " + bound(shape, "max") + ")";
      case "long" -> "Type.longInteger(" + bound(shape, "min") + ", " + bound(shape, "max") + ")";
      case "double", "float" -> "Type.decimal()";
      case "boolean" -> "Type.bool()";
      case "timestamp" -> "Type.timestamp()";
      case "blob" ->
          "Type.blob("
              + bound(shape, "min")
              + ", "
              + bound(shape, "max")
              + ", "
              + sensitive(target, shape)
              + ")";
      case "list" -> list(shape, reference);
      case "map" -> map(shape, reference);
      case "structure" ->
          "Type.structure(() -> "
              + Names.type(target)
              + ".SCHEMA, "
              + flag(shape, "sensitive")
              + ")";
      default -> throw new IllegalArgumentException("no schema for " + target);
    };
  }

  private String string(JsonObject shape, boolean sensitive) {
    String pattern = shape.string("pattern");
    String values =
        shape.array("enum").stream()
            .map(v -> Names.literal(((JsonString) v).text()))
            .collect(Collectors.joining(", "));
    String base =
        "Type.string("
            + bound(shape, "min")
            + ", "
            + bound(shape, "max")
            + ", "
            + (pattern == null ? "null" : Names.literal(pattern))
            + ", "
            + sensitive;
    return base + (values.isEmpty() ? ")" : ", " + values + ")");
  }

  private String list(JsonObject shape, JsonObject reference) {
    JsonObject member = shape.object("member");
    String name = member.string("locationName");
    boolean flattened = flag(shape, "flattened") || flag(reference, "flattened");
    return "Type.list("
        + typeExpression(Model.target(member), member)
        + ", "
        + Names.literal(name == null ? "member" : name)
        + ", "
        + flattened
        + ", "
        + bound(shape, "min")
        + ", "
        + bound(shape, "max")
        + ", "
        + flag(shape, "sensitive")
        + ")";
  }

  private String map(JsonObject shape, JsonObject reference) {
    JsonObject key = shape.object("key");
    JsonObject value = shape.object("value");
    boolean flattened = flag(shape, "flattened") || flag(reference, "flattened");
    return "Type.map("
        + typeExpression(Model.target(key), key)
        + ", "
        + typeExpression(Model.target(value), value)
        + ", "
        + flattened
        + ", "
        + bound(shape, "min")
        + ", "
        + bound(shape, "max")
        + ", "
        + flag(shape, "sensitive")
        + ")";
  }

  private boolean sensitive(String target, JsonObject shape) {
    return flag(shape, "sensitive") || SENSITIVE_TOO.contains(model.name() + "." + target);
  }

  private static boolean flag(JsonObject object, String name) {
    return object.get(name) instanceof JsonBool(var value) && value;
  }

  private static String bound(JsonObject shape, String name) {
    String none = name.equals("min") ? "Long.MIN_VALUE" : "Long.MAX_VALUE";
    return shape.get(name) instanceof JsonNumber number && number.asLong() != null
        ? number.asLong() + "L"
        : none;
  }
}
