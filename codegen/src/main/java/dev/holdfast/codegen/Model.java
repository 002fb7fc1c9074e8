// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A distilled service model, narrowed to the operations that are served. */
record Model(String name, JsonObject document, List<String> served) {

  static Model load(Path models, String name, List<String> served) throws IOException {
    var document = Json.parseObject(Files.readAllBytes(models.resolve(name + ".json")));
    var model = new Model(name, document, served.stream().sorted().toList());
    for (String operation : served) {
      if (model.operations().get(operation) == null) {
        throw new IllegalArgumentException(name + " has no operation " + operation);
      }
    }
    return model;
  }

  JsonObject metadata() {
    return document.object("metadata");
  }

  JsonObject operations() {
    return document.object("operations");
  }

  JsonObject operation(String operation) {
    return operations().object(operation);
  }

  JsonObject shape(String shape) {
    return document.object("shapes").object(shape);
  }

  boolean isQuery() {
    return "query".equals(metadata().string("protocol"));
  }

  /** Names of the errors an operation can answer. */
  List<String> errors(String operation) {
    var names = new ArrayList<String>();
    for (JsonValue error : operation(operation).array("errors")) {
      names.add(((JsonString) error).text());
    }
    return names;
  }

  /** Every error of the served operations. */
  TreeSet<String> errors() {
    var names = new TreeSet<String>();
    served.forEach(operation -> names.addAll(errors(operation)));
    return names;
  }

  /** Every structure that the served operations reach, errors left out. */
  TreeSet<String> structures() {
    var seen = new TreeSet<String>();
    var queue = new ArrayDeque<String>();
    for (String operation : served) {
      for (String part : List.of("input", "output")) {
        String shape = operation(operation).object(part).string("shape");
        if (shape != null) {
          queue.add(shape);
        }
      }
    }
    while (!queue.isEmpty()) {
      String name = queue.poll();
      if (seen.add(name)) {
        queue.addAll(references(shape(name)));
      }
    }
    seen.removeIf(name -> !"structure".equals(shape(name).string("type")));
    return seen;
  }

  private static List<String> references(JsonObject shape) {
    var names = new ArrayList<String>();
    for (Map.Entry<String, JsonValue> member : shape.object("members").members().entrySet()) {
      names.add(target((JsonObject) member.getValue()));
    }
    for (String part : List.of("member", "key", "value")) {
      if (shape.get(part) instanceof JsonObject reference) {
        names.add(target(reference));
      }
    }
    return names;
  }

  static String target(JsonObject reference) {
    String shape = reference.string("shape");
    if (shape == null) {
      throw new IllegalArgumentException("a member without a shape");
    }
    return shape;
  }
}
