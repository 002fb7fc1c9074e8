// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Spoils documents in one place, so that they are none, or another, or the same still. */
final class Damage {
  private static final List<String> NAMES =
      List.of(
          "Version",
          "Id",
          "Statement",
          "Sid",
          "Effect",
          "Principal",
          "NotPrincipal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition",
          "AWS",
          "Service",
          "Federated",
          "CanonicalUser",
          "effect",
          "StringEquals",
          "stringEquals",
          "NullIfExists",
          "ForAllValues:Null",
          "ForAnyValue:BoolIfExists",
          "ForAllValues:ForAnyValue:StringLike",
          "StringLikeIfExistsIfExists",
          "aws:username",
          "username",
          ":x",
          "");

  private static final List<String> TEXTS =
      List.of(
          "",
          "*",
          "?",
          "Allow",
          "allow",
          "2012-10-17",
          "2015-01-01",
          "ecs:RunTask",
          "ecs",
          "ecs:",
          ":RunTask",
          "ecs:*:x",
          "*:*",
          "e*s:Run",
          "sts:AssumeRole",
          "arn:aws:ecs:*",
          "arn:aws:*:x",
          "arn:aws",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/a",
          "arn:aws:ecs:${aws:username}:111122223333:cluster/a",
          "arn:aws:ecs:*:${aws:username}",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/${aws:username",
          "arn:aws:ecs:eu-west-1:111122223333:cluster/${}",
          "${aws:username, 'a'}",
          "${aws:username, a}",
          "111122223333",
          "11112222333",
          "arn:aws:iam::111122223333:root",
          "arn:aws:iam::111122223333:group/g",
          "arn:aws:iam::111122223333:user/*",
          "arn:aws:iam::111122223333:user/",
          "arn:aws:sts::111122223333:assumed-role/r/s",
          "AIDANOWNOWNOWNOWNOW1234",
          "AIDA",
          "ecs.amazonaws.com",
          "true",
          "10.0.0.0/33",
          "2026-13-01",
          "AQ=",
          "with blank",
          "\u00ff",
          "\u0100",
          "\u0007");

  private final RandomGenerator random;

  Damage(RandomGenerator random) {
    this.random = random;
  }

  /** The document with one thing changed. */
  String spoil(String document) {
    JsonValue tree = Json.parse(document);
    int places = places(tree);
    String spoiled = Json.text(change(tree, random.nextInt(places)));
    if (random.nextInt(12) == 0) {
      int at = random.nextInt(spoiled.length() + 1);
      String piece =
          Values.one(random, List.of(",", "}", " ", "\n", "\"", "\f", "/**/", "\\u0000"));
      return spoiled.substring(0, at) + piece + spoiled.substring(at);
    }
    return spoiled;
  }

  private static int places(JsonValue tree) {
    int places = 1;
    if (tree instanceof JsonObject(var members)) {
      places += members.values().stream().mapToInt(Damage::places).sum();
    } else if (tree instanceof JsonArray(var items)) {
      places += items.stream().mapToInt(Damage::places).sum();
    }
    return places;
  }

  /** The tree with the value at a place, counted from the root, changed. */
  private JsonValue change(JsonValue tree, int place) {
    if (place == 0) {
      return changed(tree);
    }
    int left = place - 1;
    if (tree instanceof JsonObject(var members)) {
      Map<String, JsonValue> copy = new LinkedHashMap<>();
      for (Map.Entry<String, JsonValue> member : members.entrySet()) {
        int inside = places(member.getValue());
        boolean here = left >= 0 && left < inside;
        copy.put(member.getKey(), here ? change(member.getValue(), left) : member.getValue());
        left -= inside;
      }
      return new JsonObject(copy);
    }
    var copy = new ArrayList<JsonValue>();
    if (tree instanceof JsonArray(var items)) {
      for (JsonValue item : items) {
        int inside = places(item);
        copy.add(left >= 0 && left < inside ? change(item, left) : item);
        left -= inside;
      }
    }
    return new JsonArray(copy);
  }

  private JsonValue changed(JsonValue value) {
    if (random.nextInt(4) == 0) {
      return any();
    }
    return switch (value) {
      case JsonObject(var members) -> members(members);
      case JsonArray(var items) -> items(items);
      case JsonString _ -> JsonValue.of(Values.one(random, TEXTS));
      case JsonNumber _, JsonBool _, JsonNull _ -> any();
    };
  }

  private JsonValue members(Map<String, JsonValue> members) {
    Map<String, JsonValue> copy = new LinkedHashMap<>(members);
    List<String> names = List.copyOf(members.keySet());
    String name = names.isEmpty() ? "" : Values.one(random, names);
    switch (random.nextInt(3)) {
      case 0 -> copy.remove(name);
      case 1 -> copy.put(Values.one(random, NAMES), any());
      default -> {
        JsonValue value = copy.remove(name);
        if (value != null) {
          copy.put(Values.one(random, NAMES), value);
        }
      }
    }
    return new JsonObject(copy);
  }

  private JsonValue items(List<JsonValue> items) {
    var copy = new ArrayList<>(items);
    if (random.nextBoolean() && !copy.isEmpty()) {
      copy.remove(random.nextInt(copy.size()));
    } else {
      copy.add(copy.isEmpty() || random.nextBoolean() ? any() : Values.one(random, items));
    }
    return new JsonArray(copy);
  }

  private JsonValue any() {
    return switch (random.nextInt(7)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonNumber.of(random.nextInt(3));
      case 2 -> new JsonBool(random.nextBoolean());
      case 3 -> new JsonArray(List.of());
      case 4 -> JsonObject.EMPTY;
      case 5 -> new JsonArray(List.of(JsonValue.of(Values.one(random, TEXTS))));
      default -> JsonValue.of(Values.one(random, TEXTS));
    };
  }
}
