// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.registry.plan.LifecyclePolicy.Rule;
import dev.holdfast.registry.plan.LifecyclePolicy.TagStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a lifecycle policy; what it does not know it refuses, as nobody wants images
 * gone by a rule that was misread.
 */
public final class LifecycleParser {
  private static final int MOST_RULES = 50;
  private static final Set<String> RULE =
      Set.of("rulePriority", "description", "selection", "action");
  private static final Set<String> SELECTION =
      Set.of(
          "tagStatus", "tagPrefixList", "tagPatternList", "countType", "countUnit", "countNumber");

  private LifecycleParser() {}

  /** A text that is no lifecycle policy, and why. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  public static LifecyclePolicy parse(String text) throws Malformed {
    JsonObject document;
    try {
      document = Json.parseObject(text);
    } catch (Json.MalformedJson e) {
      throw new Malformed("the text is no JSON: " + e.getMessage());
    }
    only(document, Set.of("rules"), "the policy");
    if (!(document.get("rules") instanceof JsonArray(var items))
        || items.isEmpty()
        || items.size() > MOST_RULES) {
      throw new Malformed("`rules` is a list of 1 to " + MOST_RULES + " rules");
    }
    var rules = new ArrayList<Rule>();
    for (JsonValue item : items) {
      if (!(item instanceof JsonObject rule)) {
        throw new Malformed("a rule is an object");
      }
      rules.add(rule(rule));
    }
    together(rules);
    return new LifecyclePolicy(rules);
  }

  private static void together(List<Rule> rules) throws Malformed {
    Set<Integer> priorities = new HashSet<>();
    Set<String> selections = new HashSet<>();
    int last = rules.stream().mapToInt(Rule::priority).max().orElse(0);
    for (Rule rule : rules) {
      if (!priorities.add(rule.priority())) {
        throw new Malformed("rulePriority " + rule.priority() + " is there twice");
      }
      if (rule.status() == TagStatus.ANY && rule.priority() != last) {
        throw new Malformed("a rule with tagStatus `any` has the highest rulePriority");
      }
      if (!selections.add(rule.status() + " " + rule.patterns() + (rule.age() == null))) {
        throw new Malformed("two rules select the same images by the same countType");
      }
    }
  }

  private static Rule rule(JsonObject rule) throws Malformed {
    only(rule, RULE, "a rule");
    int priority = number(rule.get("rulePriority"), "rulePriority");
    JsonValue description = rule.get("description");
    if (description != null && !(description instanceof JsonString)) {
      throw new Malformed("`description` is text");
    }
    JsonObject action = object(rule, "action");
    only(action, Set.of("type"), "an action");
    if (!"expire".equals(action.string("type"))) {
      throw new Malformed("`action.type` is `expire`; transitions are not served");
    }
    JsonObject selection = object(rule, "selection");
    only(selection, SELECTION, "a selection");
    TagStatus status =
        switch (String.valueOf(selection.string("tagStatus"))) {
          case "tagged" -> TagStatus.TAGGED;
          case "untagged" -> TagStatus.UNTAGGED;
          case "any" -> TagStatus.ANY;
          default -> throw new Malformed("`tagStatus` is `tagged`, `untagged` or `any`");
        };
    List<String> patterns = patterns(selection, status);
    int count = number(selection.get("countNumber"), "countNumber");
    String unit = selection.string("countUnit");
    return switch (String.valueOf(selection.string("countType"))) {
      case "imageCountMoreThan" -> {
        if (selection.get("countUnit") != null) {
          throw new Malformed("`countUnit` goes with countType `sinceImagePushed`");
        }
        yield new Rule(priority, status, patterns, count, null);
      }
      case "sinceImagePushed" -> {
        if (!"days".equals(unit)) {
          throw new Malformed("countType `sinceImagePushed` needs countUnit `days`");
        }
        yield new Rule(priority, status, patterns, null, Duration.ofDays(count));
      }
      default ->
          throw new Malformed(
              "`countType` is `imageCountMoreThan` or `sinceImagePushed`; others are not served");
    };
  }

  private static List<String> patterns(JsonObject selection, TagStatus status) throws Malformed {
    List<String> prefixes = texts(selection.get("tagPrefixList"), "tagPrefixList");
    List<String> patterns = texts(selection.get("tagPatternList"), "tagPatternList");
    boolean given = !prefixes.isEmpty() || !patterns.isEmpty();
    if (status == TagStatus.TAGGED && prefixes.isEmpty() == patterns.isEmpty()) {
      throw new Malformed("tagStatus `tagged` needs one of tagPrefixList and tagPatternList");
    }
    if (status != TagStatus.TAGGED && given) {
      throw new Malformed("tagPrefixList and tagPatternList go with tagStatus `tagged`");
    }
    for (String pattern : patterns) {
      if (pattern.chars().filter(c -> c == '*').count() > 4) {
        throw new Malformed("a pattern has at most 4 wildcards");
      }
    }
    for (String prefix : prefixes) {
      if (prefix.indexOf('*') >= 0) {
        throw new Malformed("a prefix has no wildcard; use tagPatternList");
      }
    }
    return prefixes.isEmpty() ? patterns : prefixes.stream().map(prefix -> prefix + "*").toList();
  }

  private static List<String> texts(@Nullable JsonValue value, String name) throws Malformed {
    if (value == null) {
      return List.of();
    }
    var texts = new ArrayList<String>();
    if (value instanceof JsonArray(var items)) {
      for (JsonValue item : items) {
        if (item instanceof JsonString(var text) && !text.isEmpty()) {
          texts.add(text);
        }
      }
      if (!items.isEmpty() && items.size() == texts.size()) {
        return texts;
      }
    }
    throw new Malformed("`" + name + "` is a list of texts");
  }

  private static int number(@Nullable JsonValue value, String name) throws Malformed {
    Long number = value instanceof JsonNumber given ? given.asLong() : null;
    if (number == null || number < 1 || number > 1_000_000) {
      throw new Malformed("`" + name + "` is a whole number from 1 on");
    }
    return number.intValue();
  }

  private static JsonObject object(JsonObject of, String name) throws Malformed {
    if (of.get(name) instanceof JsonObject object) {
      return object;
    }
    throw new Malformed("a rule has `" + name + "`");
  }

  private static void only(JsonObject object, Set<String> known, String what) throws Malformed {
    for (String name : object.members().keySet()) {
      if (!known.contains(name)) {
        throw new Malformed(what + " has no `" + name + "` that is served");
      }
    }
  }
}
