// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.literal.Comparison.Both;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import dev.holdfast.policy.literal.LiteralEvaluator.Outcome;
import dev.holdfast.policy.literal.LiteralEvaluator.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What AWS's documentation says, case by case, each under the page and the section that says it;
 * both evaluators must say so too. The cases are in {@code textbook/cases.json}.
 *
 * <p>A case is one {@code condition} that {@code holds} or does not in a {@code context}; or
 * policies and a request, with the decision to {@code expect}. A statement, or a list of them,
 * stands for a document of 2012.
 */
class TextbookTest {
  private static final String ACCOUNT = "111122223333";

  private static List<JsonValue> sections() {
    try (InputStream in = TextbookTest.class.getResourceAsStream("/textbook/cases.json")) {
      return ((JsonArray) Json.parse(Objects.requireNonNull(in).readAllBytes())).items();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  List<DynamicNode> bothDecideAsDocumented() {
    var nodes = new ArrayList<DynamicNode>();
    for (JsonValue section : sections()) {
      var pages = (JsonObject) section;
      var tests = new ArrayList<DynamicNode>();
      for (JsonValue one : pages.array("cases")) {
        var json = (JsonObject) one;
        tests.add(dynamicTest(text(json, "says"), () -> check(json)));
      }
      nodes.add(dynamicContainer(text(pages, "page") + ": " + text(pages, "section"), tests));
    }
    return nodes;
  }

  @Test
  void theTextbookIsWhole() {
    int cases = 0;
    for (JsonValue section : sections()) {
      assertThat(text((JsonObject) section, "url")).startsWith("https://");
      cases += ((JsonObject) section).array("cases").size();
    }
    assertThat(cases).isGreaterThan(150);
  }

  private static void check(JsonObject json) {
    LiteralCase one = json.get("condition") == null ? asked(json) : condition(json);
    String expected =
        json.get("condition") == null
            ? text(json, "expect")
            : json.isTrue("holds") ? "allowed" : "implicitDeny";
    Both both = Comparison.read(one.documents());
    Decision decision =
        Evaluator.decide(Objects.requireNonNull(both.product()), one.asked().request());
    assertThat(decision.evalDecision()).as("the product").isEqualTo(expected);
    String layer = json.string("layer");
    if (layer != null && decision instanceof Decision.Denied denied) {
      assertThat(denied.layer()).isEqualTo(Layer.valueOf(layer));
    }
    Verdict verdict =
        LiteralEvaluator.decide(
            Objects.requireNonNull(both.literal()), one.asked(), Set.<Mutant>of());
    assertThat(spelled(verdict.outcome())).as("the literal one").isEqualTo(expected);
  }

  private static String spelled(Outcome outcome) {
    return switch (outcome) {
      case ALLOWED -> "allowed";
      case IMPLICIT_DENY -> "implicitDeny";
      case EXPLICIT_DENY -> "explicitDeny";
    };
  }

  private static LiteralCase condition(JsonObject json) {
    JsonObject statement =
        JsonObject.EMPTY
            .with("Effect", "Allow")
            .with("Action", "*")
            .with("Resource", "*")
            .with("Condition", json.object("condition"));
    return new LiteralCase(
        new Documents(
            List.of(document(statement)), null, null, null, Gate.NONE, List.of(), List.of()),
        new Asked(caller("bob"), "ecs:RunTask", "*", ACCOUNT, keys(json)));
  }

  private static LiteralCase asked(JsonObject json) {
    JsonValue boundary = json.get("boundary");
    JsonValue resource = json.get("resourcePolicy");
    return new LiteralCase(
        new Documents(
            documents(json.array("identity")),
            boundary == null ? null : document(boundary),
            json.get("session") == null ? null : documents(json.array("session")),
            resource == null ? null : document(resource),
            Gate.valueOf(json.string("gate") == null ? "NONE" : text(json, "gate")),
            levels(json.array("scp")),
            levels(json.array("rcp"))),
        new Asked(
            caller(json.string("caller") == null ? "bob" : text(json, "caller")),
            text(json, "action"),
            text(json, "resource"),
            json.string("owner") == null ? ACCOUNT : text(json, "owner"),
            keys(json)));
  }

  private static List<List<String>> levels(List<JsonValue> levels) {
    return levels.stream().map(level -> documents(((JsonArray) level).items())).toList();
  }

  private static List<String> documents(List<JsonValue> documents) {
    return documents.stream().map(TextbookTest::document).toList();
  }

  private static String document(JsonValue value) {
    return value instanceof JsonObject object && object.get("Statement") != null
        ? Json.text(object)
        : Json.text(JsonObject.EMPTY.with("Version", "2012-10-17").with("Statement", value));
  }

  private static Map<String, List<String>> keys(JsonObject json) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    json.object("context")
        .members()
        .forEach(
            (key, values) ->
                keys.put(
                    key,
                    ((JsonArray) values)
                        .items().stream().map(value -> ((JsonString) value).text()).toList()));
    return keys;
  }

  private static Caller caller(String name) {
    String bob = "arn:aws:iam::111122223333:user/bob";
    String id = "AIDABOBBOBBOBBOBBOB12";
    return switch (name) {
      case "bob" -> Caller.user(ACCOUNT, bob, id);
      case "session" ->
          Caller.roleSession(
              ACCOUNT,
              "arn:aws:sts::111122223333:assumed-role/deployer/s1",
              "arn:aws:iam::111122223333:role/deployer",
              "AROADEPLOYERDEPLOY12");
      case "federated" ->
          Caller.federated(ACCOUNT, "arn:aws:sts::111122223333:federated-user/bob", bob, id);
      case "root" -> Caller.root(ACCOUNT);
      case "service" -> Caller.service("ecs-tasks.amazonaws.com");
      case "provider" -> Caller.provider("token.example.com");
      case "anonymous" -> Caller.anonymous();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String text(JsonObject json, String name) {
    return Objects.requireNonNull(json.string(name), name);
  }
}
