// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a service's operation models and its errors. */
final class ServiceWriter {
  private final Model model;
  private final String packageName;
  private final String prefix;

  ServiceWriter(Model model, String packageName) {
    this.model = model;
    this.packageName = packageName;
    this.prefix = Names.service(model.name());
  }

  String operations() {
    JsonObject meta = model.metadata();
    var out = new StringBuilder();
    out.append("// Generated from models/")
        .append(model.name())
        .append(".json\npackage ")
        .append(packageName)
        .append(";\n\n");
    out.append(
        "import dev.holdfast.aws.Empty;\nimport dev.holdfast.aws.OperationModel;\nimport dev.holdfast.aws.Protocol;\nimport dev.holdfast.aws.ServiceModel;\nimport java.util.List;\nimport java.util.Set;\n\n");
    out.append("/** What ")
        .append(prefix)
        .append(" is on the wire. */\npublic final class ")
        .append(prefix)
        .append("Model {\n  private ")
        .append(prefix)
        .append("Model() {}\n\n");
    out.append("  public static final ServiceModel SERVICE =\n      new ServiceModel(\n          ");
    String signing = meta.string("signingName");
    String endpoint = require(meta.string("endpointPrefix"));
    out.append(Names.literal(model.name()))
        .append(", ")
        .append(Names.literal(signing == null ? endpoint : signing))
        .append(", ");
    out.append(model.isQuery() ? "Protocol.QUERY" : "Protocol.JSON").append(", ");
    out.append(Names.literal(orEmpty(meta.string("targetPrefix"))))
        .append(", ")
        .append(Names.literal(require(meta.string("apiVersion"))))
        .append(", ");
    out.append(Names.literal(orEmpty(meta.string("xmlNamespace")))).append(",\n          Set.of(");
    out.append(
        model.operations().members().keySet().stream()
            .map(Names::literal)
            .collect(Collectors.joining(", ")));
    out.append("));\n\n");
    for (String operation : model.served()) {
      operation(out, operation);
    }
    out.append(
        "  /** Every operation that is served. */\n  public static final List<OperationModel<?, ?>> OPERATIONS =\n      List.of(");
    out.append(
        model.served().stream().map(Names::operationConstant).collect(Collectors.joining(", ")));
    out.append(");\n}\n");
    return out.toString();
  }

  private void operation(StringBuilder out, String name) {
    JsonObject operation = model.operation(name);
    String input = operation.object("input").string("shape");
    String output = operation.object("output").string("shape");
    String in = input == null ? "Empty" : Names.type(input);
    String result = output == null ? "Empty" : Names.type(output);
    String wrapper = operation.object("output").string("resultWrapper");
    out.append("  public static final OperationModel<")
        .append(in)
        .append(", ")
        .append(result)
        .append("> ")
        .append(Names.operationConstant(name));
    out.append(" =\n      new OperationModel<>(SERVICE, ")
        .append(Names.literal(name))
        .append(", ")
        .append(in)
        .append(".SCHEMA, ")
        .append(result)
        .append(".SCHEMA, ");
    out.append(wrapper == null ? "\"\"" : Names.literal(wrapper)).append(", Set.of(");
    out.append(
        model.errors(name).stream()
            .map(e -> prefix + "Error." + Names.constant(e))
            .collect(Collectors.joining(", ")));
    out.append("));\n\n");
  }

  String errors() {
    var out = new StringBuilder();
    out.append("// Generated from models/")
        .append(model.name())
        .append(".json\npackage ")
        .append(packageName)
        .append(";\n\nimport dev.holdfast.aws.ErrorShape;\n\n");
    out.append("/** The errors of ")
        .append(prefix)
        .append("'s served operations. */\npublic final class ")
        .append(prefix)
        .append("Error {\n  private ")
        .append(prefix)
        .append("Error() {}\n\n");
    for (String name : model.errors()) {
      JsonObject shape = model.shape(name);
      JsonObject error = shape.object("error");
      String code = error.string("code");
      Long status = error.integer("httpStatusCode");
      boolean fault = shape.get("fault") instanceof JsonBool(var f) && f;
      out.append("  public static final ErrorShape ")
          .append(Names.constant(name))
          .append(" =\n      new ErrorShape(")
          .append(Names.literal(code == null || !model.isQuery() ? name : code))
          .append(", ");
      out.append(status == null || !model.isQuery() ? (fault ? "500" : "400") : status.toString())
          .append(");\n\n");
    }
    out.append("}\n");
    return out.toString();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String require(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException("the model lacks a name");
    }
    return text;
  }
}
