// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes policies and requests from small pools, so that they often meet. */
final class PolicyGenerator {
  static final Caller FEDERATED =
      Caller.federated(
          Cases.ACCOUNT,
          "arn:aws:sts::111122223333:federated-user/f",
          Cases.BOB_ARN,
          Cases.BOB.uniqueId());

  private static final List<Caller> CALLERS =
      List.of(
          Cases.BOB,
          Cases.BOB,
          Cases.DEPLOYER,
          Cases.DEPLOYER,
          FEDERATED,
          Caller.root(Cases.ACCOUNT),
          Caller.user(Cases.OTHER, "arn:aws:iam::444455556666:user/eve", "AIDAEVEEVEEVEEVEEVE1"),
          Caller.service("ecs.amazonaws.com"),
          Caller.anonymous());
  private static final List<String> ACTIONS =
      List.of("ecs:RunTask", "ecs:StopTask", "ecs:ListTasks", "ecr:PutImage");
  private static final List<String> ACTION_PATTERNS =
      List.of("*", "ecs:*", "ecs:RunTask", "ECS:*task", "ecs:?????ask", "ecr:*", "iam:*");
  private static final List<String> RESOURCES =
      List.of(Cases.CLUSTER, "arn:aws:ecs:eu-west-1:111122223333:task/prod/1", "*");
  private static final List<String> RESOURCE_PATTERNS =
      List.of(
          "*",
          "*",
          "arn:aws:ecs:*",
          Cases.CLUSTER,
          "arn:aws:ecs:eu-*-1:*:task/*",
          "arn:aws:ecs:*:*:cluster/${x:name}");
  private static final List<String> PRINCIPALS =
      List.of(
          "'*'",
          "{'AWS':'111122223333'}",
          "{'AWS':['" + Cases.BOB_ARN + "','111122223333']}",
          "{'AWS':'AIDABOBBOBBOBBOBBOB12'}",
          "{'AWS':'" + Cases.ROLE_ARN + "'}",
          "{'AWS':'" + Cases.SESSION_ARN + "'}",
          "{'AWS':'444455556666','Service':'ecs.amazonaws.com'}");
  private static final List<String> CONDITIONS =
      List.of(
          "{}",
          "{}",
          "{'StringEquals':{'x:name':'prod'}}",
          "{'StringNotLike':{'x:name':'p*'}}",
          "{'Bool':{'x:flag':true}}",
          "{'BoolIfExists':{'x:flag':false}}",
          "{'NumericLessThan':{'x:number':5}}",
          "{'ForAllValues:StringEquals':{'x:tags':['a','b']}}",
          "{'ForAnyValue:StringLike':{'x:tags':'${x:name}'},'Null':{'x:tags':false}}");

  private final Random random;

  PolicyGenerator(Random random) {
    this.random = random;
  }

  private <T> T pick(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }

  /** A policy of up to four statements; all of one effect where it is given. */
  NamedPolicy policy(Kind kind, @Nullable Effect effect) {
    var statements = new ArrayList<String>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      statements.add(statement(kind, effect));
    }
    return Cases.policy(kind, "[" + String.join(",", statements) + "]");
  }

  private String statement(Kind kind, @Nullable Effect wanted) {
    Effect effect = random.nextInt(4) == 0 ? Effect.DENY : Effect.ALLOW;
    effect = wanted == null ? effect : wanted;
    var text = new StringBuilder("{'Effect':'" + effect.word() + "',");
    if (kind == Kind.RESOURCE) {
      boolean not = effect == Effect.DENY && random.nextInt(3) == 0;
      text.append(not ? "'NotPrincipal':" : "'Principal':").append(pick(PRINCIPALS)).append(',');
    }
    text.append(random.nextInt(6) == 0 ? "'NotAction':'" : "'Action':'");
    text.append(pick(ACTION_PATTERNS)).append("',");
    text.append(random.nextInt(6) == 0 ? "'NotResource':'" : "'Resource':'");
    text.append(pick(RESOURCE_PATTERNS)).append("',");
    return text.append("'Condition':").append(pick(CONDITIONS)).append('}').toString();
  }

  Policies policies() {
    var policies = Policies.ofIdentity(some(Kind.IDENTITY));
    if (random.nextInt(3) == 0) {
      policies = policies.withBoundary(policy(Kind.BOUNDARY, null));
    }
    if (random.nextInt(3) == 0) {
      policies = policies.withSession(some(Kind.SESSION));
    }
    if (random.nextInt(2) == 0) {
      Gate gate = random.nextInt(3) == 0 ? Gate.KEY_POLICY : Gate.NONE;
      policies = policies.withResource(policy(Kind.RESOURCE, null), gate);
    }
    if (random.nextInt(4) == 0) {
      policies = policies.withServiceControl(List.of(some(Kind.BOUNDARY)));
    }
    return policies;
  }

  private List<NamedPolicy> some(Kind kind) {
    var policies = new ArrayList<NamedPolicy>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      policies.add(policy(kind, null));
    }
    return policies;
  }

  Request request() {
    return request(pick(CALLERS));
  }

  Request request(Caller caller) {
    Map<String, List<String>> keys = new TreeMap<>();
    if (random.nextBoolean()) {
      keys.put("x:name", List.of(pick(List.of("prod", "dev", "a"))));
    }
    if (random.nextBoolean()) {
      keys.put("x:flag", List.of(pick(List.of("true", "false", "odd"))));
    }
    if (random.nextBoolean()) {
      keys.put("x:number", List.of(pick(List.of("1", "9", "odd"))));
    }
    if (random.nextBoolean()) {
      keys.put("x:tags", pick(List.of(List.of(), List.of("a"), List.of("a", "c"), List.of(""))));
    }
    return new Request(caller, pick(ACTIONS), pick(RESOURCES), Cases.ACCOUNT, Context.of(keys));
  }

  Request as(Request request, Caller caller) {
    return new Request(
        caller, request.action(), request.resource(), request.resourceAccount(), request.context());
  }

  /** The same policy with its statements in another order. */
  NamedPolicy shuffled(NamedPolicy policy) {
    JsonObject document = Json.parseObject(policy.document().source());
    var statements = new ArrayList<JsonValue>(document.array("Statement"));
    Collections.shuffle(statements, random);
    String text = Json.text(document.with("Statement", new JsonArray(statements)));
    return new NamedPolicy(policy.name(), PolicyDocument.parse(text, policy.document().kind()));
  }

  /** The same statements, each in a policy of its own, in any order. */
  List<NamedPolicy> parts(NamedPolicy policy) {
    JsonObject document = Json.parseObject(policy.document().source());
    var parts = new ArrayList<NamedPolicy>();
    for (JsonValue statement : document.array("Statement")) {
      String text = Json.text(document.with("Statement", new JsonArray(List.of(statement))));
      parts.add(
          new NamedPolicy(
              policy.name() + parts.size(), PolicyDocument.parse(text, policy.document().kind())));
    }
    Collections.shuffle(parts, random);
    return parts;
  }
}
