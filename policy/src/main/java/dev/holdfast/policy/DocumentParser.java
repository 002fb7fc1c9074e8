// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a text against the grammar and compiles it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar
 *     of the policy language</a>
 */
final class DocumentParser {
  private static final int MOST_CHARACTERS = 131_072;
  private static final String V2008 = "2008-10-17";
  private static final String V2012 = "2012-10-17";
  private static final Set<String> DOCUMENT_KEYS = Set.of("Version", "Id", "Statement");

  private DocumentParser() {}

  static PolicyDocument parse(String json, Kind kind) {
    if (json.length() > MOST_CHARACTERS) {
      throw MalformedPolicy.syntax("the document is longer than 131072 characters");
    }
    if (!json.chars().allMatch(DocumentParser::allowed)) {
      throw new MalformedPolicy(
          "The specified value for policyDocument is invalid."
              + " It must contain only printable ASCII characters.",
          "the document holds a character outside of the Latin-1 range");
    }
    return document(json, tree(json), kind);
  }

  static PolicyDocument parse(JsonObject tree, Kind kind) {
    return document(Json.text(tree), tree, kind);
  }

  private static boolean allowed(int c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xFF);
  }

  private static JsonObject tree(String json) {
    try {
      return Json.parseObject(json);
    } catch (Json.MalformedJson e) {
      throw new MalformedPolicy(
          "This policy contains invalid Json", String.valueOf(e.getMessage()));
    }
  }

  private static PolicyDocument document(String source, JsonObject tree, Kind kind) {
    for (String key : tree.members().keySet()) {
      if (!DOCUMENT_KEYS.contains(key) || (key.equals("Id") && !kind.namesPrincipals())) {
        throw MalformedPolicy.syntax("the document may not hold `" + key + "`");
      }
    }
    String version = tree.get("Version") == null ? V2008 : text(tree, "Version");
    if (!version.equals(V2008) && !version.equals(V2012)) {
      throw MalformedPolicy.syntax("the version is neither 2012-10-17 nor 2008-10-17");
    }
    String id = tree.get("Id") == null ? null : text(tree, "Id");
    List<JsonObject> objects = statements(tree);
    var statements = new ArrayList<Statement>(objects.size());
    var sids = new HashSet<String>();
    for (JsonObject object : objects) {
      var parser = new StatementParser(object, kind, statements.size(), version.equals(V2012));
      Statement statement = parser.parse();
      String sid = statement.sid();
      if (sid != null && !sid.isEmpty() && !sids.add(sid)) {
        throw new MalformedPolicy(
            "Statement IDs (SID) in a single policy must be unique.", "a Sid occurs twice");
      }
      statements.add(statement);
    }
    return new PolicyDocument(source, kind, version, id, tree, statements);
  }

  static List<JsonObject> statements(JsonObject tree) {
    JsonValue value = tree.get("Statement");
    if (value instanceof JsonObject single) {
      return List.of(single);
    }
    if (!(value instanceof JsonArray(var items)) || items.isEmpty()) {
      throw MalformedPolicy.syntax("the document holds no statement");
    }
    var objects = new ArrayList<JsonObject>(items.size());
    for (JsonValue item : items) {
      if (!(item instanceof JsonObject object)) {
        throw MalformedPolicy.syntax("a statement is no object");
      }
      objects.add(object);
    }
    return objects;
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonString(var text) ? text : refuse(key);
  }

  private static String refuse(String key) {
    throw MalformedPolicy.syntax("`" + key + "` is no text");
  }

  /** One string, or a list of at least one; null where the value is neither. */
  static @Nullable List<String> strings(@Nullable JsonValue value) {
    if (value instanceof JsonString(var text)) {
      return List.of(text);
    }
    if (!(value instanceof JsonArray(var items)) || items.isEmpty()) {
      return null;
    }
    var strings = new ArrayList<String>(items.size());
    for (JsonValue item : items) {
      if (!(item instanceof JsonString(var text))) {
        return null;
      }
      strings.add(text);
    }
    return strings;
  }
}
