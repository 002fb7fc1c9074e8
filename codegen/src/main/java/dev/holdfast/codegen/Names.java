// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

import java.util.Locale;
import java.util.Set;

/** Java names for the models' names. */
final class Names {
  private static final Set<String> RESERVED =
      Set.of(
          "class",
          "default",
          "enum",
          "interface",
          "package",
          "public",
          "private",
          "static",
          "final",
          "new",
          "return",
          "switch",
          "case",
          "hashCode",
          "toString",
          "notify",
          "wait",
          "clone",
          "finalize",
          "getClass",
          "equals",
          "schema",
          "member",
          "continue",
          "abstract",
          "native");

  private Names() {}

  /**
   * {@code KeyId} to {@code keyId}, {@code ARN} to {@code arn}, {@code KMSKey} to {@code kmsKey}.
   */
  static String component(String member) {
    int capitals = 0;
    while (capitals < member.length() && Character.isUpperCase(member.charAt(capitals))) {
      capitals++;
    }
    if (capitals > 1 && capitals < member.length()) {
      capitals--;
    }
    String name =
        member.substring(0, capitals).toLowerCase(Locale.ROOT) + member.substring(capitals);
    return RESERVED.contains(name) ? name + "_" : name;
  }

  /** {@code RepositoryNotFoundException} to {@code REPOSITORY_NOT_FOUND}. */
  static String constant(String error) {
    String base = error.replaceAll("(Exception|Fault|Error)$", "");
    return base.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toUpperCase(Locale.ROOT);
  }

  static String operationConstant(String operation) {
    return operation
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toUpperCase(Locale.ROOT);
  }

  static String type(String shape) {
    return Character.toUpperCase(shape.charAt(0)) + shape.substring(1);
  }

  /** The prefix of a service's classes: {@code ecs} to {@code Ecs}. */
  static String service(String name) {
    return switch (name) {
      case "cloudtrail" -> "CloudTrail";
      case "secretsmanager" -> "SecretsManager";
      default -> type(name);
    };
  }

  /** A Java string literal. */
  static String literal(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c < 0x20 || c > 0x7e) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
