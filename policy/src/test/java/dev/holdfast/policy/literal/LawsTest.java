// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Changed;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.literal.DocumentMaker.Aim;
import dev.holdfast.policy.literal.LiteralCase.Asked;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Laws of the product's evaluator, over documents of every layer. */
class LawsTest {
  private static final int SETS = 900;
  private static final int QUESTIONS = 3;

  /** What a law changes in documents that answer a question so. */
  private interface Change {
    @Nullable Documents of(Documents documents, Asked asked, Random random);
  }

  /** What was decided before and after a change. */
  private interface Law {
    void holds(Decision before, Decision after);
  }

  private static void forAll(Change change, Law law) {
    int tried = 0;
    for (long seed = 0; seed < SETS; seed++) {
      List<LiteralCase> cases = CaseMaker.cases(50_000 + seed, QUESTIONS);
      Documents documents = cases.getFirst().documents();
      Policies before = Comparison.read(documents).product();
      Documents changed =
          before == null ? null : change.of(documents, cases.getFirst().asked(), new Random(seed));
      Policies after = changed == null ? null : Comparison.read(changed).product();
      if (before == null || after == null) {
        continue;
      }
      for (LiteralCase one : cases) {
        tried++;
        try {
          law.holds(
              Evaluator.decide(before, one.asked().request()),
              Evaluator.decide(after, one.asked().request()));
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ", before: " + one.json(), e);
        }
      }
    }
    assertThat(tried).as("cases that the law was tried on").isGreaterThan(200);
  }

  private static void neverAllows(Decision before, Decision after) {
    if (!before.allowed()) {
      assertThat(after.allowed()).isFalse();
    }
    if (before instanceof Decision.ExplicitDeny) {
      assertThat(after).isInstanceOf(Decision.ExplicitDeny.class);
    }
  }

  private static String document(Asked asked, Random random, Kind kind, Aim aim) {
    return new DocumentMaker(random, asked).document(kind, aim);
  }

  @Test
  void aDenyMoreNeverAllows() {
    forAll(
        (documents, asked, random) ->
            each(
                documents,
                random::nextBoolean,
                (text, kind) -> {
                  JsonObject deny =
                      new DocumentMaker(random, asked).statement(kind, false, random.nextInt(100));
                  return statements(text, list -> with(list, deny, random));
                }),
        LawsTest::neverAllows);
  }

  @Test
  void anAllowLessNeverAllows() {
    forAll(
        (documents, asked, random) ->
            each(
                documents,
                random::nextBoolean,
                (text, kind) ->
                    statements(
                        text,
                        list -> {
                          var fewer = new ArrayList<>(list);
                          Collections.shuffle(fewer, random);
                          for (JsonValue statement : fewer) {
                            if (fewer.size() > 1
                                && "Allow".equals(((JsonObject) statement).string("Effect"))) {
                              fewer.remove(statement);
                              break;
                            }
                          }
                          return fewer;
                        })),
        // What was denied explicitly stays so: no Deny was taken away.
        LawsTest::neverAllows);
  }

  @Test
  void aBoundaryNeverWidens() {
    forAll(
        (documents, asked, random) ->
            documents.boundary() == null
                ? documents.withBoundary(document(asked, random, Kind.BOUNDARY, aim(random)))
                : null,
        LawsTest::neverAllows);
  }

  @Test
  void aSessionPolicyNeverWidens() {
    forAll(
        (documents, asked, random) ->
            documents.session() == null && asked.caller().kind() != Caller.Kind.FEDERATED
                ? documents.withSession(List.of(document(asked, random, Kind.SESSION, aim(random))))
                : null,
        LawsTest::neverAllows);
  }

  @Test
  void aLevelOfTheOrganisationNeverWidens() {
    forAll(
        (documents, asked, random) -> {
          var service = new ArrayList<>(documents.serviceControl());
          service.add(List.of(document(asked, random, Kind.IDENTITY, aim(random))));
          var resource = new ArrayList<>(documents.resourceControl());
          resource.add(List.of(document(asked, random, Kind.RESOURCE, aim(random))));
          return documents.withServiceControl(service).withResourceControl(resource);
        },
        LawsTest::neverAllows);
  }

  private static Aim aim(Random random) {
    return Values.one(random, List.of(Aim.values()));
  }

  @Test
  void orderNeverMatters() {
    forAll(
        (documents, asked, random) -> {
          Documents shuffled =
              each(
                  documents,
                  random::nextBoolean,
                  (text, kind) -> statements(text, list -> shuffled(list, random)));
          List<String> session = shuffled.session();
          return shuffled
              .withIdentity(shuffled(shuffled.identity(), random))
              .withSession(session == null ? null : shuffled(session, random))
              .withServiceControl(shuffled(shuffled.serviceControl(), random))
              .withResourceControl(shuffled(shuffled.resourceControl(), random));
        },
        (before, after) -> {
          assertThat(after.evalDecision()).isEqualTo(before.evalDecision());
          if (before instanceof Decision.Denied one && after instanceof Decision.Denied other) {
            assertThat(other.layer()).isEqualTo(one.layer());
          }
        });
  }

  /** Where each statement names its action, whatever else it says, no other action is allowed. */
  @Test
  void whatNoPolicySpeaksOfIsDenied() {
    for (long seed = 0; seed < SETS; seed++) {
      LiteralCase one = CaseMaker.cases(seed, 1).getFirst();
      Documents named =
          each(
              one.documents(),
              () -> true,
              (text, kind) ->
                  statements(text, list -> list.stream().map(LawsTest::named).toList()));
      Policies policies = Comparison.read(named).product();
      Caller caller = one.asked().caller();
      if (policies != null && caller.kind() != Caller.Kind.ROOT) {
        var other =
            new Asked(caller, "sts:NoSuchThing", "arn:aws:sts:::x", one.asked().owner(), Map.of());
        assertThat(Evaluator.decide(policies, other.request()).allowed()).isFalse();
      }
    }
  }

  private static JsonValue named(JsonValue statement) {
    var members = new LinkedHashMap<>(((JsonObject) statement).members());
    members.remove("NotAction");
    members.put("Action", JsonValue.of("sts:AssumeRole"));
    return new JsonObject(members);
  }

  @Test
  void whatIsExplainedIsWhatIsDecided() {
    for (long seed = 0; seed < SETS; seed++) {
      for (LiteralCase one : CaseMaker.cases(seed, 2)) {
        Policies policies = Comparison.read(one.documents()).product();
        if (policies != null) {
          Decision decision = Evaluator.decide(policies, one.asked().request());
          Explanation why = Evaluator.explain(policies, one.asked().request());
          assertThat(why.decision()).isEqualTo(decision);
          if (!why.changes().isEmpty()) {
            assertThat(
                    Evaluator.decide(Changed.by(policies, why.changes()), one.asked().request())
                        .allowed())
                .isTrue();
          }
        }
      }
    }
  }

  private static <T> List<T> shuffled(List<T> list, Random random) {
    var copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }

  private static List<JsonValue> with(List<JsonValue> list, JsonValue more, Random random) {
    var copy = new ArrayList<>(list);
    copy.add(random.nextInt(copy.size() + 1), more);
    return copy;
  }

  private static String statements(String document, UnaryOperator<List<JsonValue>> change) {
    JsonObject tree = Json.parseObject(document);
    JsonValue statement = tree.get("Statement");
    List<JsonValue> list =
        statement instanceof JsonObject single ? List.of(single) : tree.array("Statement");
    return Json.text(tree.with("Statement", new JsonArray(change.apply(list))));
  }

  /** The documents with some of them changed. */
  private static Documents each(
      Documents documents, BooleanSupplier whether, BiFunction<String, Kind, String> change) {
    BiFunction<List<String>, Kind, List<String>> all =
        (texts, kind) ->
            texts.stream()
                .map(text -> whether.getAsBoolean() ? change.apply(text, kind) : text)
                .toList();
    String boundary = documents.boundary();
    List<String> session = documents.session();
    String resource = documents.resource();
    return documents
        .withIdentity(all.apply(documents.identity(), Kind.IDENTITY))
        .withBoundary(boundary == null ? null : change.apply(boundary, Kind.BOUNDARY))
        .withSession(session == null ? null : all.apply(session, Kind.SESSION))
        .withResource(
            resource == null
                ? null
                : change.apply(resource, LiteralEvaluator.kind(documents.gate())))
        .withServiceControl(
            documents.serviceControl().stream()
                .map(level -> all.apply(level, Kind.IDENTITY))
                .toList())
        .withResourceControl(
            documents.resourceControl().stream()
                .map(level -> all.apply(level, Kind.RESOURCE))
                .toList());
  }
}
