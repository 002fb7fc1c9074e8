// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import dev.holdfast.kit.Unicode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model's constraints, checked on an input, in AWS's words. */
public final class Violations {
  /** How many an answer names; a hostile list would have a hundred thousand. */
  private static final int SHOWN = 20;

  private final List<String> found = new ArrayList<>();
  private int count;

  /** Whether the value that is looked at lies in something sensitive. */
  private boolean hidden;

  private Violations() {}

  /**
   * What is wrong with {@code shape}, as AWS says it ({@code 2 validation errors detected: ...}),
   * or empty where nothing is.
   */
  public static Optional<String> of(Shape shape) {
    var violations = new Violations();
    violations.structure(shape, "");
    List<String> found = violations.found;
    return switch (violations.count) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("1 validation error detected: " + found.getFirst());
      default ->
          Optional.of(
              violations.count
                  + " validation errors detected: "
                  + String.join("; ", found)
                  + (violations.count > SHOWN ? "; ..." : ""));
    };
  }

  private void structure(Shape shape, String prefix) {
    List<Schema.Member> members = shape.schema().members();
    for (int i = 0; i < members.size(); i++) {
      Schema.Member member = members.get(i);
      Object value = shape.member(i);
      String path = prefix + member.name();
      if (value != null) {
        value(member.type(), value, path);
      } else if (member.required()) {
        note(
            "Value null at '"
                + lower(path)
                + "' failed to satisfy constraint: Member must not be null");
      }
    }
  }

  private void value(Type type, Object value, String path) {
    boolean around = hidden;
    hidden = around || type.sensitive();
    constraints(type, value, path);
    hidden = around;
  }

  private void constraints(Type type, Object value, String path) {
    switch (type) {
      case Type.StringType string -> string(string, (String) value, path);
      case Type.IntegerType(var min, var max, var _) -> {
        long number = ((Number) value).longValue();
        if (number < min) {
          add(type, value, path, "Member must have value greater than or equal to " + min);
        } else if (number > max) {
          add(type, value, path, "Member must have value less than or equal to " + max);
        }
      }
      case Type.BlobType(var min, var max, var _) ->
          length(type, value, ((byte[]) value).length, min, max, path);
      case Type.ListType list -> {
        List<?> items = (List<?>) value;
        length(type, value, items.size(), list.min(), list.max(), path);
        for (int i = 0; i < items.size(); i++) {
          value(list.item(), items.get(i), path + "." + (i + 1) + ".member");
        }
      }
      case Type.MapType map -> {
        Map<?, ?> entries = (Map<?, ?>) value;
        length(type, value, entries.size(), map.min(), map.max(), path);
        entries.forEach(
            (k, v) -> {
              value(map.key(), k, path + ".key");
              value(map.value(), v, path + "." + k);
            });
      }
      case Type.StructureType _ -> structure((Shape) value, path + ".");
      case Type.DecimalType _, Type.BooleanType _, Type.TimestampType _ -> {}
    }
  }

  private void string(Type.StringType type, String value, String path) {
    if (!type.values().isEmpty() && !type.values().contains(value)) {
      add(type, value, path, "Member must satisfy enum value set: " + type.values());
      return;
    }
    int length = value.codePointCount(0, value.length());
    length(type, value, length, type.min(), type.max(), path);
    // Some of AWS's patterns go down one frame of the stack for each repetition, so what is too
    // long is not put to them.
    if (type.pattern() != null
        && length <= type.max()
        && !type.pattern().matcher(value).matches()) {
      add(type, value, path, "Member must satisfy regular expression pattern: " + type.pattern());
    }
  }

  private void length(Type type, Object value, long length, long min, long max, String path) {
    if (length < min) {
      add(type, value, path, "Member must have length greater than or equal to " + min);
    } else if (length > max) {
      add(type, value, path, "Member must have length less than or equal to " + max);
    }
  }

  private void add(Type type, Object value, String path, String constraint) {
    String shown =
        switch (type) {
          case Type.BlobType _, Type.ListType _, Type.MapType _, Type.StructureType _ -> "";
          default -> hidden ? " '***'" : " '" + clip(value.toString()) + "'";
        };
    note("Value" + shown + " at '" + lower(path) + "' failed to satisfy constraint: " + constraint);
  }

  private void note(String violation) {
    count++;
    if (count <= SHOWN) {
      found.add(violation);
    }
  }

  private static String clip(String text) {
    return text.length() <= 200 ? text : Unicode.cut(text, 200) + "...";
  }

  /** AWS names members in lower camel case here, whatever the wire says. */
  private static String lower(String path) {
    return Character.toLowerCase(path.charAt(0)) + path.substring(1);
  }
}
