// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes documents that nearly apply, or just, to what will be asked. */
final class DocumentMaker {
  /** What a document is meant to do; chance decides whether it does. */
  enum Aim {
    /** Allows without a condition. */
    OPEN,
    /** Allows perhaps. */
    ALLOWS,
    /** Allows all, denies perhaps. */
    DENIES,
    /** Anything. */
    RANDOM
  }

  private final RandomGenerator random;
  private final Asked asked;
  private final String prefix;

  DocumentMaker(RandomGenerator random, Asked asked) {
    this.random = random;
    this.asked = asked;
    this.prefix = asked.action().substring(0, asked.action().indexOf(':')).toLowerCase(Locale.ROOT);
  }

  String document(Kind kind, Aim aim) {
    var statements = new ArrayList<JsonValue>();
    if (aim == Aim.OPEN || aim == Aim.DENIES) {
      statements.add(open(kind));
    }
    int some =
        aim == Aim.ALLOWS ? (chance(30) ? 2 : 1) : 1 + random.nextInt(aim == Aim.DENIES ? 3 : 2);
    int more = aim == Aim.OPEN ? (chance(15) ? 1 : 0) : some;
    for (int i = 0; i < more; i++) {
      boolean allow =
          switch (aim) {
            case OPEN, ALLOWS -> true;
            case DENIES -> false;
            case RANDOM -> chance(65);
          };
      int hit = aim == Aim.ALLOWS ? 18 : aim == Aim.DENIES ? 80 : 38;
      statements.add(random.nextInt(statements.size() + 1), statement(kind, allow, hit));
    }
    JsonObject document = JsonObject.EMPTY;
    if (chance(88)) {
      document = document.with("Version", chance(90) ? "2012-10-17" : "2008-10-17");
    }
    JsonValue all =
        statements.size() == 1 && chance(50) ? statements.getFirst() : new JsonArray(statements);
    return Json.text(document.with("Statement", all));
  }

  /** A document of so many statements, few of which cover everything and fewer deny. */
  String longDocument(Kind kind, int count) {
    var statements = new ArrayList<JsonValue>();
    for (int i = 0; i < count; i++) {
      statements.add(statement(kind, !chance(12), 1));
    }
    return Json.text(
        JsonObject.EMPTY
            .with("Version", chance(90) ? "2012-10-17" : "2008-10-17")
            .with("Statement", new JsonArray(statements)));
  }

  private JsonObject open(Kind kind) {
    JsonObject statement = JsonObject.EMPTY.with("Effect", "Allow");
    statement = statement.with("Action", kind == Kind.TRUST ? "sts:*" : "*");
    if (kind == Kind.RESOURCE || kind == Kind.TRUST) {
      statement = statement.with("Principal", principals());
    }
    return kind == Kind.TRUST || (kind == Kind.RESOURCE && chance(30))
        ? statement
        : statement.with("Resource", "*");
  }

  /**
   * A statement.
   *
   * @param hit the percentage by which an element covers everything
   */
  JsonObject statement(Kind kind, boolean allow, int hit) {
    JsonObject statement = JsonObject.EMPTY;
    if (chance(20)) {
      statement = statement.with("Sid", "s" + random.nextInt(1000));
    }
    statement = statement.with("Effect", allow ? "Allow" : "Deny");
    if (kind == Kind.RESOURCE || kind == Kind.TRUST) {
      boolean not = kind == Kind.RESOURCE && !allow && chance(45);
      statement = statement.with(not ? "NotPrincipal" : "Principal", principals());
    }
    boolean notAction = kind != Kind.TRUST && chance(12);
    String service = kind == Kind.TRUST ? "sts" : chance(95) ? prefix : "ecs";
    statement =
        statement.with(
            notAction ? "NotAction" : "Action",
            list(
                () ->
                    chance(hit) && !notAction
                        ? (kind == Kind.TRUST ? "sts:*" : "*")
                        : Values.actionPattern(random, service)));
    if (kind != Kind.TRUST && !(kind == Kind.RESOURCE && chance(25))) {
      boolean not = chance(12);
      statement =
          statement.with(
              not ? "NotResource" : "Resource",
              list(() -> chance(hit) && !not ? "*" : Values.resourcePattern(random, service)));
    }
    return chance(100 - hit * 3 / 5) ? statement.with("Condition", condition(hit)) : statement;
  }

  private JsonObject condition(int hit) {
    JsonObject condition = JsonObject.EMPTY;
    int blocks = chance(hit) ? 1 : 2;
    for (int i = 0; i < blocks; i++) {
      String plain = Values.one(random, LiteralOperator.ALL);
      String type = typeOf(plain);
      String operator = plain;
      if (!plain.equals("Null")) {
        operator = (chance(20) ? "ForAllValues:" : chance(22) ? "ForAnyValue:" : "") + operator;
        operator += chance(22) ? "IfExists" : "";
      }
      JsonObject keys = JsonObject.EMPTY;
      for (int k = chance(12) ? 2 : 1; k > 0; k--) {
        String key = Values.key(random, type);
        keys = keys.with(key, values(type, key));
      }
      condition = condition.with(operator, keys);
    }
    return condition;
  }

  private static String typeOf(String plain) {
    for (String type : List.of("String", "Numeric", "Date", "Bool", "Binary", "Arn", "Null")) {
      if (plain.startsWith(type)) {
        return type;
      }
    }
    return "Ip";
  }

  private JsonValue values(String type, String key) {
    if (type.equals("Bool") && chance(20)) {
      return new JsonBool(chance(50));
    }
    if (type.equals("Numeric") && chance(20)) {
      return JsonNumber.of(random.nextInt(3));
    }
    return list(
        () -> {
          String own = own(key);
          // Half of the time what is asked with, where that is of the type.
          return own != null && (type.equals("String") || type.equals("Arn")) && chance(45)
              ? own
              : Values.listed(random, type);
        });
  }

  private @Nullable String own(String key) {
    for (Map.Entry<String, List<String>> entry : asked.keys().entrySet()) {
      if (entry.getKey().equalsIgnoreCase(key) && !entry.getValue().isEmpty()) {
        return Values.one(random, entry.getValue());
      }
    }
    return null;
  }

  /** The caller in one of the ways to name it, or somebody else, or several. */
  private JsonValue principals() {
    if (chance(6)) {
      return JsonValue.of("*");
    }
    var aws = new ArrayList<String>();
    Caller caller = asked.caller();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      aws.add(chance(74) ? named(caller) : stranger());
    }
    JsonObject principals = JsonObject.EMPTY;
    if (caller.kind() == Caller.Kind.SERVICE && chance(80)) {
      principals = principals.with("Service", list(() -> service(caller)));
    } else if (caller.kind() == Caller.Kind.PROVIDER && chance(80)) {
      principals = principals.with("Federated", chance(70) ? caller.arn() : "example.org");
    }
    return principals.members().isEmpty() || chance(30)
        ? principals.with(
            "AWS", aws.size() == 1 ? JsonValue.of(aws.getFirst()) : JsonArray.ofStrings(aws))
        : principals;
  }

  private String service(Caller caller) {
    return chance(70) ? caller.arn() : "ecs.amazonaws.com";
  }

  private String named(Caller caller) {
    var names = new ArrayList<String>();
    if (!caller.account().isEmpty()) {
      names.add(caller.account());
      names.add("arn:aws:iam::" + caller.account() + ":root");
      names.add(caller.arn());
      names.add(caller.principalArn());
      String issuer = caller.issuerArn();
      if (issuer != null) {
        names.add(issuer);
      }
      if (!caller.uniqueId().isEmpty()) {
        names.add(caller.uniqueId());
      }
    }
    return names.isEmpty() || chance(6) ? "*" : Values.one(random, names);
  }

  private String stranger() {
    return Values.one(
        random,
        List.of(
            Values.ACCOUNT,
            Values.OTHER,
            "arn:aws:iam::444455556666:root",
            "arn:aws:iam::111122223333:user/ops/Bob",
            "arn:aws:iam::111122223333:user/bob",
            "arn:aws:iam::111122223333:role/r",
            "arn:aws:sts::111122223333:assumed-role/r/s2",
            "arn:aws:sts::111122223333:federated-user/bob",
            "AIDAOLDOLDOLDOLDOLD12",
            "AROAOLDOLDOLDOLDOLD12"));
  }

  private JsonValue list(Supplier<String> each) {
    int count = chance(70) ? 1 : 2 + random.nextInt(2);
    var items = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      items.add(each.get());
    }
    return count == 1 && chance(60) ? JsonValue.of(items.getFirst()) : JsonArray.ofStrings(items);
  }

  private boolean chance(int percent) {
    return Values.chance(random, percent);
  }
}
