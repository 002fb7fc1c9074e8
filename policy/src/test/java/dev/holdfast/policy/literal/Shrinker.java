// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Makes a case smaller as long as it still shows what it showed. */
final class Shrinker {
  private Shrinker() {}

  /** The smallest case that can be reached by leaving out one thing at a time. */
  static LiteralCase shrink(LiteralCase from, Predicate<LiteralCase> shows) {
    LiteralCase smallest = from;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (LiteralCase candidate : steps(smallest)) {
        if (shows.test(candidate)) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  private static List<LiteralCase> steps(LiteralCase one) {
    var steps = new ArrayList<LiteralCase>();
    Documents d = one.documents();
    Function<Documents, LiteralCase> with = documents -> new LiteralCase(documents, one.asked());
    for (List<String> fewer : lists(d.identity())) {
      steps.add(with.apply(d.withIdentity(fewer)));
    }
    String boundary = d.boundary();
    if (boundary != null) {
      steps.add(with.apply(d.withBoundary(null)));
      texts(boundary).forEach(text -> steps.add(with.apply(d.withBoundary(text))));
    }
    List<String> session = d.session();
    if (session != null) {
      steps.add(with.apply(d.withSession(null)));
      lists(session).forEach(fewer -> steps.add(with.apply(d.withSession(fewer))));
    }
    String resource = d.resource();
    if (resource != null) {
      steps.add(with.apply(d.withResource(null)));
      texts(resource).forEach(text -> steps.add(with.apply(d.withResource(text))));
    }
    levels(d.serviceControl()).forEach(fewer -> steps.add(with.apply(d.withServiceControl(fewer))));
    levels(d.resourceControl())
        .forEach(fewer -> steps.add(with.apply(d.withResourceControl(fewer))));
    Asked asked = one.asked();
    for (String key : asked.keys().keySet()) {
      Map<String, List<String>> keys = new LinkedHashMap<>(asked.keys());
      List<String> values = keys.remove(key);
      steps.add(new LiteralCase(d, keys(asked, keys)));
      for (int i = 0; values != null && values.size() > 1 && i < values.size(); i++) {
        Map<String, List<String>> fewer = new LinkedHashMap<>(asked.keys());
        var less = new ArrayList<>(values);
        less.remove(i);
        fewer.put(key, less);
        steps.add(new LiteralCase(d, keys(asked, fewer)));
      }
    }
    return steps;
  }

  private static Asked keys(Asked a, Map<String, List<String>> keys) {
    return new Asked(a.caller(), a.action(), a.resource(), a.owner(), keys);
  }

  private static List<List<List<String>>> levels(List<List<String>> levels) {
    var fewer = new ArrayList<List<List<String>>>();
    for (int i = 0; i < levels.size(); i++) {
      var without = new ArrayList<>(levels);
      without.remove(i);
      fewer.add(without);
      for (List<String> level : lists(levels.get(i))) {
        var with = new ArrayList<>(levels);
        with.set(i, level);
        fewer.add(with);
      }
    }
    return fewer;
  }

  private static List<List<String>> lists(List<String> documents) {
    var fewer = new ArrayList<List<String>>();
    for (int i = 0; i < documents.size(); i++) {
      var without = new ArrayList<>(documents);
      without.remove(i);
      fewer.add(without);
      for (String text : texts(documents.get(i))) {
        var with = new ArrayList<>(documents);
        with.set(i, text);
        fewer.add(with);
      }
    }
    return fewer;
  }

  private static List<String> texts(String document) {
    try {
      return trees(Json.parse(document)).stream().map(Json::text).toList();
    } catch (Json.MalformedJson _) {
      return List.of();
    }
  }

  /** The tree with one member or item left out, at any depth. */
  private static List<JsonValue> trees(JsonValue tree) {
    var trees = new ArrayList<JsonValue>();
    if (tree instanceof JsonObject(var members)) {
      members.forEach(
          (name, value) -> {
            Map<String, JsonValue> without = new LinkedHashMap<>(members);
            without.remove(name);
            trees.add(new JsonObject(without));
            for (JsonValue smaller : trees(value)) {
              Map<String, JsonValue> with = new LinkedHashMap<>(members);
              with.put(name, smaller);
              trees.add(new JsonObject(with));
            }
          });
    } else if (tree instanceof JsonArray(var items)) {
      for (int i = 0; i < items.size(); i++) {
        var without = new ArrayList<>(items);
        without.remove(i);
        trees.add(new JsonArray(without));
        for (JsonValue smaller : trees(items.get(i))) {
          var with = new ArrayList<>(items);
          with.set(i, smaller);
          trees.add(new JsonArray(with));
        }
      }
    }
    return trees;
  }
}
