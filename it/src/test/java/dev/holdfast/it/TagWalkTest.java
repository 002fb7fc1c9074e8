// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Schema;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Access by tags, walked through every operation: what AWS says has tags is let past by a policy
 * that asks for the tag that it has, by each key that AWS documents, and refused by one that asks
 * for another. Of every other operation it is held that AWS knows no tags of what it is on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TagWalkTest {
  private static final String TEAM = "{\"team\":\"blue\"}";

  private static Harbor harbor;
  private static TagFacts facts;
  private static Harbor.User walker;
  private static final Map<String, Walked> WALK = new TreeMap<>();

  /** An operation with its request and what that demands, before anything was changed. */
  private record Walked(
      Operation<?, ?> operation, JsonObject in, List<Demand> demands, List<Demand> tagged) {}

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    facts = TagFacts.read();
    walker = harbor.user("walker");
    SmallestRequest requests = Cargo.load(harbor).requests();
    harbor.admin("secretsmanager:CreateSecret", "{\"Name\":\"made\",\"SecretString\":\"v\"}");
    harbor.admin("iam:CreateServiceLinkedRole", "{\"AWSServiceName\":\"ecs.amazonaws.com\"}");
    String key =
        Harbor.text(
            requests.of(harbor.operation("kms:UpdateAlias").orElseThrow().model()), "TargetKeyId");
    harbor.admin(
        "kms:CreateAlias", "{\"AliasName\":\"alias/made\",\"TargetKeyId\":\"%s\"}".formatted(key));
    for (Operation<?, ?> operation : OperationContractTest.signed(harbor).toList()) {
      JsonObject in = requests.of(operation.model());
      List<Demand> demands = harbor.access(operation, in, walker).demands();
      List<Demand> tagged = demands.stream().filter(facts::hasTags).toList();
      tagged.forEach(TagWalkTest::tag);
      WALK.put(operation.model().toString(), new Walked(operation, in, demands, tagged));
    }
  }

  private static void tag(Demand demand) {
    harbor.platform().tag(harbor.account(), demand.tagsOf(), Map.of("team", "blue"));
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static JsonObject allow(String action, String resource) {
    return JsonObject.EMPTY
        .with("Effect", "Allow")
        .with("Action", action)
        .with("Resource", resource);
  }

  private static JsonObject where(JsonObject statement, String key, String value) {
    return statement.with(
        "Condition", JsonObject.EMPTY.with("StringEquals", JsonObject.EMPTY.with(key, value)));
  }

  /** Under a condition on a tag by each of its keys: one that is not there is not met. */
  private static JsonObject tagged(JsonObject statement, Set<String> keys, String team) {
    JsonObject equal = JsonObject.EMPTY;
    for (String key : keys) {
      equal = equal.with(key + "team", team);
    }
    return statement.with("Condition", JsonObject.EMPTY.with("StringEquals", equal));
  }

  private static JsonObject policy(List<? extends JsonValue> statements) {
    return JsonObject.EMPTY
        .with("Version", "2012-10-17")
        .with("Statement", new JsonArray(List.copyOf(statements)));
  }

  private static boolean denied(Optional<ApiError> answer) {
    return answer.map(ApiError::code).orElse("").startsWith("AccessDenied");
  }

  /** What a policy answers that allows all, where it has tags only of one team. */
  private static Optional<ApiError> answer(Walked walked, String team) {
    // What went before may have removed what this is about, and its tags with it.
    walked.tagged().forEach(TagWalkTest::tag);
    var statements = new ArrayList<JsonObject>();
    for (Demand demand : walked.demands()) {
      JsonObject statement = allow(demand.action(), demand.resource());
      statements.add(
          walked.tagged().contains(demand)
              ? tagged(statement, facts.tagKeys(demand), team)
              : statement);
    }
    harbor.policy(walker, policy(statements));
    return harbor.attempt(walker.credentials(), walked.operation(), walked.in());
  }

  private static Stream<Walked> tagged() {
    return WALK.values().stream().filter(walked -> !walked.tagged().isEmpty());
  }

  /** Each thing that no tag tells is of an action, or beside others of a kind, without tags. */
  @TestFactory
  @Order(1)
  Stream<DynamicTest> whatNoTagTellsIsNothingThatAwsTellsByTags() {
    return WALK.values().stream()
        .map(
            walked ->
                DynamicTest.dynamicTest(
                    walked.operation().model().toString(),
                    () ->
                        assertThat(
                                walked.demands().stream()
                                    .filter(demand -> !walked.tagged().contains(demand)))
                            .allMatch(demand -> hasNoTags(walked, demand))));
  }

  private static boolean hasNoTags(Walked walked, Demand demand) {
    return !facts.knowsTags(demand)
        || (facts.hasNoTags(demand)
            && walked.tagged().stream().anyMatch(other -> other.action().equals(demand.action())));
  }

  @Test
  @Order(1)
  void mostOperationsAreToldByTags() {
    assertThat(tagged().count()).isGreaterThan(WALK.size() * 2 / 3);
  }

  @TestFactory
  @Order(2)
  Stream<DynamicTest> anotherTeamsIsRefused() {
    return tagged()
        .map(
            walked ->
                DynamicTest.dynamicTest(
                    walked.operation().model().toString(),
                    () -> assertThat(denied(answer(walked, "red"))).isTrue()));
  }

  @TestFactory
  @Order(3)
  Stream<DynamicTest> theOwnTeamsIsLetPast() {
    return tagged()
        .sorted(Comparator.comparing(walked -> removes(walked.operation().model().name())))
        .map(
            walked ->
                DynamicTest.dynamicTest(
                    walked.operation().model().toString(),
                    () -> {
                      Optional<ApiError> answer = answer(walked, "blue");
                      assertThat(denied(answer))
                          .as(answer.map(ApiError::text).orElse(""))
                          .isFalse();
                    }));
  }

  /** What takes away comes last, so that nothing that is asked about is gone. */
  private static boolean removes(String name) {
    return name.matches("(Batch)?(Cancel|Deactivate|Delete|Deregister|Detach|Remove|Schedule).*");
  }

  /** A request that gives what it makes the tag {@code team=blue}; empty where none can. */
  private static Optional<JsonObject> tagging(Walked walked) {
    String name = walked.operation().model().name();
    String service = walked.operation().model().service().name();
    Optional<String> member =
        walked.operation().model().input().members().stream()
            .map(Schema.Member::name)
            .filter(m -> m.equals("tags") || m.equals("Tags"))
            .findFirst();
    if (member.isEmpty() || name.matches("(Tag|Untag|AddTags|RemoveTags).*")) {
      return Optional.empty();
    }
    String tags =
        switch (service) {
          case "logs" -> TEAM;
          case "kms" -> "[{\"TagKey\":\"team\",\"TagValue\":\"blue\"}]";
          case "ecs" -> "[{\"key\":\"team\",\"value\":\"blue\"}]";
          default -> "[{\"Key\":\"team\",\"Value\":\"blue\"}]";
        };
    return Optional.of(walked.in().with(member.get(), Json.parse(tags)));
  }

  @TestFactory
  @Order(4)
  Stream<DynamicTest> tagsOfWhatIsMadeNeedTheTaggingAction() {
    return WALK.values().stream()
        .filter(walked -> tagging(walked).isPresent())
        // Of a session, its role's trust has to agree: EscalationTest has that.
        .filter(walked -> !walked.operation().model().service().name().equals("sts"))
        .map(
            walked ->
                DynamicTest.dynamicTest(
                    walked.operation().model().toString(), () -> onCreate(walked)));
  }

  private static void onCreate(Walked walked) {
    JsonObject in = tagging(walked).orElseThrow();
    List<Demand> demands = harbor.access(walked.operation(), in, walker).demands();
    List<Demand> tagging =
        demands.stream()
            .filter(d -> d.action().matches(".*:(Tag[A-Z][A-Za-z]*|AddTagsToResource)"))
            .toList();
    assertThat(tagging).as(demands.toString()).hasSize(1);
    Demand asked = tagging.getFirst();
    assertThat(asked.keys())
        .containsEntry("aws:RequestTag/team", List.of("blue"))
        .containsEntry("aws:TagKeys", List.of("team"));
    if (asked.action().equals("ecs:TagResource")) {
      assertThat(asked.keys())
          .containsEntry("ecs:CreateAction", List.of(walked.operation().model().name()));
    }
    Credentials key = walker.credentials();
    harbor.policy(walker, policy(taggingBy(demands, asked, null)));
    assertThat(denied(harbor.attempt(key, walked.operation(), in))).isTrue();
    harbor.policy(walker, policy(taggingBy(demands, asked, "red")));
    assertThat(denied(harbor.attempt(key, walked.operation(), in))).isTrue();
    harbor.policy(walker, policy(taggingBy(demands, asked, "blue")));
    Optional<ApiError> answer = harbor.attempt(key, walked.operation(), in);
    assertThat(denied(answer)).as(answer.map(ApiError::text).orElse("")).isFalse();
  }

  /** Everything but the tagging, which is allowed for one value of the tag, or not at all. */
  private static List<JsonObject> taggingBy(
      List<Demand> demands, Demand tagging, @Nullable String team) {
    var statements = new ArrayList<JsonObject>();
    for (Demand demand : demands) {
      if (!demand.equals(tagging)) {
        statements.add(allow(demand.action(), demand.resource()));
      }
    }
    if (team != null) {
      statements.add(
          where(allow(tagging.action(), tagging.resource()), "aws:RequestTag/team", team));
    }
    return statements;
  }
}
