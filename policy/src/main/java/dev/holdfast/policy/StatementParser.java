// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.Statement.Actions;
import dev.holdfast.policy.Statement.Resources;
import dev.holdfast.policy.Statement.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks and compiles one statement. */
final class StatementParser {
  private static final Set<String> KEYS =
      Set.of(
          "Sid",
          "Effect",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Principal",
          "NotPrincipal",
          "Condition");
  private static final String PREFACE =
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

  private final JsonObject object;
  private final Kind kind;
  private final int index;
  private final boolean expand;

  /**
   * A parser for {@code object}.
   *
   * @param expand whether policy variables are known, as from version 2012-10-17 on
   */
  StatementParser(JsonObject object, Kind kind, int index, boolean expand) {
    this.object = object;
    this.kind = kind;
    this.index = index;
    this.expand = expand;
  }

  Statement parse() {
    for (String key : object.members().keySet()) {
      if (!KEYS.contains(key)) {
        throw syntax("may not hold `" + key + "`");
      }
    }
    Effect effect = effect();
    String sid = sid();
    Subject subject = subject(effect);
    Actions actions = actions();
    Resources resources = resources();
    return new Statement(index, sid, effect, actions, resources, subject, conditions());
  }

  private Effect effect() {
    JsonValue value = object.get("Effect");
    if (value == null) {
      throw malformed("Missing required field Effect", "has no Effect");
    }
    for (Effect effect : Effect.values()) {
      if (value instanceof JsonString(var text) && text.equals(effect.word())) {
        return effect;
      }
    }
    throw syntax("has an Effect that is neither Allow nor Deny");
  }

  /** KMS and ECR write Sids with spaces; IAM does not. */
  private @Nullable String sid() {
    JsonValue value = object.get("Sid");
    if (value == null) {
      return null;
    }
    if (!(value instanceof JsonString(var text))) {
      throw syntax("has a Sid that is no text");
    }
    boolean word =
        text.chars()
            .allMatch(
                c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
    if (!word && kind != Kind.RESOURCE) {
      throw malformed(
          "Statement IDs (SID) must be alpha-numeric."
              + " Check that your input satisfies the regular expression [0-9A-Za-z]*",
          "has a Sid that is not alpha-numeric");
    }
    return text;
  }

  private @Nullable Subject subject(Effect effect) {
    JsonValue named = object.get("Principal");
    JsonValue excepted = object.get("NotPrincipal");
    if (!kind.namesPrincipals()) {
      if (named != null || excepted != null) {
        throw malformed("Policy document should not specify a principal.", "names a principal");
      }
      return null;
    }
    if (excepted != null && kind == Kind.TRUST) {
      throw malformed("Has prohibited field NotPrincipal", "holds NotPrincipal");
    }
    if (named != null && excepted == null) {
      return new Subject(false, principals(named));
    }
    if (named == null && excepted != null) {
      if (effect == Effect.ALLOW) {
        throw malformed("Allow with NotPrincipal is not allowed.", "joins NotPrincipal with Allow");
      }
      return new Subject(true, principals(excepted));
    }
    throw named == null
        ? malformed("Missing required field Principal", "names no principal")
        : syntax("holds both Principal and NotPrincipal");
  }

  private Principals principals(JsonValue value) {
    if (value instanceof JsonString(var text)) {
      if (text.equals("*")) {
        return new Principals(true, List.of(), List.of(), List.of());
      }
      throw malformed("Invalid principal in policy: \"" + text + "\"", "has an unknown principal");
    }
    if (!(value instanceof JsonObject(var types)) || types.isEmpty()) {
      throw syntax("has a principal that is neither \"*\" nor an object");
    }
    for (String type : types.keySet()) {
      if (!type.equals("AWS") && !type.equals("Service") && !type.equals("Federated")) {
        throw malformed(
            "Invalid principal in policy: \"" + type + "\"", "has an unknown type of principal");
      }
    }
    return new Principals(
        false,
        entries(types.get("AWS")),
        entries(types.get("Service")),
        entries(types.get("Federated")));
  }

  private List<String> entries(@Nullable JsonValue value) {
    return value == null ? List.of() : required(value, "has a principal list that holds no text");
  }

  private Actions actions() {
    JsonValue value = oneOf("Action", "NotAction", "Policy statement must contain actions.");
    boolean not = object.get("NotAction") != null;
    if (not && kind == Kind.TRUST) {
      throw onlySts();
    }
    var patterns = new ArrayList<Glob>();
    for (String action : required(value, "has actions that are no texts")) {
      patterns.add(action(action));
    }
    return new Actions(not, List.copyOf(patterns));
  }

  private Glob action(String action) {
    int colon = action.indexOf(':');
    if (colon <= 0 && !action.equals("*")) {
      throw malformed(PREFACE, "has an action without a service prefix");
    }
    if (action.indexOf(':', colon + 1) >= 0 && colon >= 0) {
      throw malformed(
          "Actions/Condition can contain only one colon.", "has an action with two colons");
    }
    String folded = Context.fold(action);
    if (kind == Kind.TRUST && !folded.startsWith("sts:")) {
      throw onlySts();
    }
    String vendor = colon < 0 ? "" : action.substring(0, colon);
    if (!vendor.chars().allMatch(StatementParser::inVendor)) {
      throw malformed("Vendor " + vendor + " is not valid", "has an action of no service");
    }
    String name = action.substring(colon + 1);
    if (name.isEmpty() || !name.chars().allMatch(c -> inVendor(c) || c == '*' || c == '?')) {
      throw syntax("has an action without a name");
    }
    return new Glob(Template.parse(folded, false, true).tokens());
  }

  private static boolean inVendor(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private MalformedPolicy onlySts() {
    return malformed(
        "AssumeRole policy may only specify STS AssumeRole actions.",
        "has an action of another service than sts");
  }

  private Resources resources() {
    boolean not = object.get("NotResource") != null;
    boolean none = object.get("Resource") == null && !not;
    if (kind == Kind.TRUST && !none) {
      throw malformed("Has prohibited field Resource", "holds a resource");
    }
    if (kind.namesPrincipals() && none) {
      return Resources.ATTACHED;
    }
    JsonValue value = oneOf("Resource", "NotResource", "Policy statement must contain resources.");
    var patterns = new ArrayList<ResourcePattern>();
    for (String resource : required(value, "has resources that are no texts")) {
      patterns.add(ResourcePattern.parse(resource, expand));
    }
    return new Resources(not, List.copyOf(patterns));
  }

  private List<Condition> conditions() {
    JsonValue value = object.get("Condition");
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonObject(var operators))) {
      throw syntax("has a Condition that is no object");
    }
    var conditions = new ArrayList<Condition>();
    operators.forEach(
        (operator, keys) -> {
          if (!(keys instanceof JsonObject(var members)) || members.isEmpty()) {
            throw syntax("has a condition operator without keys");
          }
          members.forEach(
              (key, values) -> {
                if (key.indexOf(':') <= 0) {
                  throw malformed(PREFACE, "has a condition key without a service prefix");
                }
                conditions.add(new Condition(operator, key, values(values), expand));
              });
        });
    return conditions;
  }

  private List<String> values(JsonValue value) {
    List<JsonValue> items = value instanceof JsonArray(var list) ? list : List.of(value);
    if (items.isEmpty()) {
      throw syntax("has a condition without values");
    }
    var values = new ArrayList<String>(items.size());
    for (JsonValue item : items) {
      values.add(
          switch (item) {
            case JsonString(var text) -> text;
            case JsonNumber(var text) -> text;
            case JsonBool(var bool) -> Boolean.toString(bool);
            default -> throw syntax("has a condition value that is no text, number or boolean");
          });
    }
    return values;
  }

  private JsonValue oneOf(String element, String negated, String missing) {
    JsonValue plain = object.get(element);
    JsonValue not = object.get(negated);
    if (plain != null && not != null) {
      throw syntax("holds both " + element + " and " + negated);
    }
    if (plain == null && not == null) {
      throw malformed(missing, "has no " + element);
    }
    return plain != null ? plain : Objects.requireNonNull(not);
  }

  private List<String> required(JsonValue value, String problem) {
    List<String> strings = DocumentParser.strings(value);
    if (strings == null) {
      throw syntax(problem);
    }
    return strings;
  }

  private MalformedPolicy syntax(String problem) {
    return malformed("Syntax errors in policy.", problem);
  }

  private MalformedPolicy malformed(String message, String problem) {
    return new MalformedPolicy(message, "statement " + index + " " + problem);
  }
}
