// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.literal.LiteralDocument.Element;
import dev.holdfast.policy.literal.LiteralDocument.Statement;
import dev.holdfast.policy.literal.LiteralDocument.Test;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the policy language, rule by rule.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar
 *     of the IAM JSON policy language</a>
 */
public final class LiteralGrammar {
  private static final Set<String> DOCUMENT = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT =
      Set.of(
          "Sid",
          "Effect",
          "Principal",
          "NotPrincipal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition");

  private LiteralGrammar() {}

  /**
   * Reads a document.
   *
   * @throws Refused where the text is none of that kind
   */
  public static LiteralDocument parse(String text, Kind kind) {
    require(text.length() <= 131_072, "too long");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      require(c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c <= 0xFF), "character");
    }
    JsonObject document;
    try {
      document = Json.parseObject(text);
    } catch (Json.MalformedJson e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    require(DOCUMENT.containsAll(document.members().keySet()), "unknown element");
    boolean resourceBased = kind == Kind.RESOURCE || kind == Kind.TRUST;
    require(resourceBased || document.get("Id") == null, "Id in an identity-based policy");
    optionalString(document, "Id");
    String version = optionalString(document, "Version");
    require(
        version == null || version.equals("2012-10-17") || version.equals("2008-10-17"), "version");
    var statements = new ArrayList<Statement>();
    var sids = new HashSet<String>();
    boolean variables = "2012-10-17".equals(version);
    for (JsonValue value : listOf(document.get("Statement"))) {
      require(value instanceof JsonObject, "a statement is an object");
      Statement statement = statement((JsonObject) value, kind, variables);
      String sid = statement.sid();
      require(sid == null || sid.isEmpty() || sids.add(sid), "Sid twice");
      statements.add(statement);
    }
    return new LiteralDocument(variables, statements);
  }

  private static Statement statement(JsonObject json, Kind kind, boolean variables) {
    require(STATEMENT.containsAll(json.members().keySet()), "unknown element");
    String sid = optionalString(json, "Sid");
    // "Other AWS services that support resource policies may have other requirements."
    require(sid == null || kind == Kind.RESOURCE || sid.matches("[A-Za-z0-9]*"), "Sid");
    String effect = optionalString(json, "Effect");
    boolean allow = "Allow".equals(effect);
    require(allow || "Deny".equals(effect), "Effect");

    return new Statement(
        sid,
        allow,
        principals(json, kind, allow),
        actions(json, kind),
        resources(json, kind, variables),
        tests(json.get("Condition"), variables));
  }

  private static @Nullable Element principals(JsonObject json, Kind kind, boolean allow) {
    Element principals = null;
    if (json.get("Principal") != null || json.get("NotPrincipal") != null) {
      require(kind == Kind.RESOURCE || kind == Kind.TRUST, "no principal here");
      boolean not = either(json, "Principal", "NotPrincipal");
      require(!not || (kind == Kind.RESOURCE && !allow), "NotPrincipal");
      principals =
          new Element(not, LiteralPrincipals.entries(json.get(not ? "NotPrincipal" : "Principal")));
    } else {
      require(kind != Kind.RESOURCE && kind != Kind.TRUST, "a principal is needed");
    }
    return principals;
  }

  private static Element actions(JsonObject json, Kind kind) {
    boolean notAction = either(json, "Action", "NotAction");
    List<String> actions = strings(json.get(notAction ? "NotAction" : "Action"));
    for (String action : actions) {
      require(action.equals("*") || action.matches("[A-Za-z0-9_-]+:[A-Za-z0-9*?_-]+"), "action");
      require(
          kind != Kind.TRUST || (!notAction && !action.equals("*") && meansTrust(action)),
          "an action that is not of STS, or of nobody who is trusted");
    }
    return new Element(notAction, actions);
  }

  private static boolean meansTrust(String action) {
    String expression = action.toLowerCase(Locale.ROOT).replace("*", ".*").replace('?', '.');
    return List.of(
            "sts:assumerole",
            "sts:assumerolewithsaml",
            "sts:assumerolewithwebidentity",
            "sts:tagsession",
            "sts:setsourceidentity",
            "sts:setcontext")
        .stream()
        .anyMatch(known -> known.matches(expression));
  }

  private static @Nullable Element resources(JsonObject json, Kind kind, boolean variables) {
    Element resources = null;
    if (json.get("Resource") != null || json.get("NotResource") != null) {
      require(kind != Kind.TRUST, "no resource here");
      boolean not = either(json, "Resource", "NotResource");
      List<String> patterns = strings(json.get(not ? "NotResource" : "Resource"));
      for (String pattern : patterns) {
        LiteralPattern.requireResource(pattern, variables);
      }
      resources = new Element(not, patterns);
    } else {
      require(kind == Kind.RESOURCE || kind == Kind.TRUST, "a resource is needed");
    }
    return resources;
  }

  private static List<Test> tests(@Nullable JsonValue condition, boolean variables) {
    var tests = new ArrayList<Test>();
    if (condition == null) {
      return tests;
    }
    require(condition instanceof JsonObject, "Condition is an object");
    for (Map.Entry<String, JsonValue> block : ((JsonObject) condition).members().entrySet()) {
      LiteralOperator.requireKnown(block.getKey());
      require(block.getValue() instanceof JsonObject, "an operator's keys are an object");
      JsonObject keys = (JsonObject) block.getValue();
      require(!keys.members().isEmpty(), "an operator without keys");
      keys.members()
          .forEach(
              (key, value) -> {
                require(key.indexOf(':') > 0, "a key has a prefix");
                List<String> values = scalars(value);
                LiteralOperator.requireValues(block.getKey(), values, variables);
                tests.add(new Test(block.getKey(), key, values));
              });
    }
    return tests;
  }

  static void require(boolean met, String what) {
    if (!met) {
      throw new Refused(what);
    }
  }

  /** Which of two elements there is: exactly one must be there; true for the second. */
  private static boolean either(JsonObject json, String first, String second) {
    require((json.get(first) == null) != (json.get(second) == null), first + " or " + second);
    return json.get(first) == null;
  }

  private static @Nullable String optionalString(JsonObject json, String name) {
    JsonValue value = json.get(name);
    require(value == null || value instanceof JsonString, name + " is a string");
    return json.string(name);
  }

  private static List<JsonValue> listOf(@Nullable JsonValue value) {
    require(value != null, "an element is missing");
    List<JsonValue> values = value instanceof JsonArray(var items) ? items : List.of(value);
    require(!values.isEmpty(), "an empty list");
    return values;
  }

  static List<String> strings(@Nullable JsonValue value) {
    var strings = new ArrayList<String>();
    for (JsonValue item : listOf(value)) {
      require(item instanceof JsonString, "a string");
      strings.add(((JsonString) item).text());
    }
    return strings;
  }

  private static List<String> scalars(JsonValue value) {
    var scalars = new ArrayList<String>();
    for (JsonValue item : listOf(value)) {
      switch (item) {
        case JsonString(var text) -> scalars.add(text);
        case JsonNumber(var text) -> scalars.add(text);
        case JsonBool(var bool) -> scalars.add(String.valueOf(bool));
        default -> throw new Refused("a value is a string, a number or a boolean");
      }
    }
    return scalars;
  }
}
