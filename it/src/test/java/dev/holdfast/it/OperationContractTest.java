// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.UnsignedOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What every operation owes: without permission it is refused, with exactly what it demands it is
 * let past authorization, and an ARN of another account opens nothing.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationContractTest {
  /** What AWS never denies: the signature is enough. */
  static final Set<String> NEVER_DENIED = Set.of("sts:GetCallerIdentity", "sts:GetSessionToken");

  /** What AWS denies without a word on the policies: both sides of a trust decide together. */
  static final Set<String> WITHOUT_REASON = Set.of("sts:AssumeRole");

  /** Requests that are allowed and still cannot succeed here, with the error that says so. */
  static final Map<String, String> ALLOWED_BUT =
      Map.ofEntries(
          Map.entry(
              "ecs:ExecuteCommand",
              "InvalidParameterException: The referenced task was not found."),
          Map.entry(
              "ecs:StopTask", "InvalidParameterException: The referenced task was not found."),
          Map.entry(
              "ecs:SubmitContainerStateChange",
              "InvalidParameterException: The referenced task was not found."),
          Map.entry(
              "ecs:SubmitTaskStateChange",
              "InvalidParameterException: The referenced task was not found."),
          Map.entry("ecs:StopServiceDeployment", "ConflictException: The service "),
          Map.entry(
              "ecs:ListServicesByNamespace", "NamespaceNotFoundException: Namespace not found."),
          Map.entry(
              "iam:ChangePassword", "NoSuchEntity: Login Profile for User exact cannot be found."),
          Map.entry(
              "iam:EnableMFADevice",
              "InvalidAuthenticationCode: Authentication code for device is not valid."),
          Map.entry(
              "iam:ResyncMFADevice",
              "InvalidAuthenticationCode: Authentication code for device is not valid."),
          Map.entry(
              "sts:GetDelegatedAccessToken",
              "ExpiredTradeInTokenException: The trade-in token provided in the request has"
                  + " expired"));

  /**
   * Their ARN is no resource of the action (AWS documents another): the account simply has nothing
   * of that name.
   */
  private static final Map<String, String> ARN_IS_A_VALUE =
      Map.ofEntries(
          Map.entry("iam:AttachGroupPolicy", "NoSuchEntity"),
          Map.entry("iam:AttachRolePolicy", "NoSuchEntity"),
          Map.entry("iam:AttachUserPolicy", "NoSuchEntity"),
          Map.entry("iam:DeactivateMFADevice", "NoSuchEntity"),
          Map.entry("iam:DetachGroupPolicy", "NoSuchEntity"),
          Map.entry("iam:DetachRolePolicy", "NoSuchEntity"),
          Map.entry("iam:DetachUserPolicy", "NoSuchEntity"),
          Map.entry("iam:EnableMFADevice", "NoSuchEntity"),
          Map.entry("iam:GetMFADevice", "NoSuchEntity"),
          Map.entry("kms:ListRetirableGrants", "InvalidArnException"),
          Map.entry("iam:PutRolePermissionsBoundary", "NoSuchEntity"),
          Map.entry("iam:PutUserPermissionsBoundary", "NoSuchEntity"),
          Map.entry("iam:ResyncMFADevice", "NoSuchEntity"));

  private static final JsonObject EVERYTHING = statement("Allow", "*", "*");

  private static Harbor harbor;
  private static SmallestRequest requests;
  private static Map<String, JsonObject> arns;
  private static Harbor.User stranger;
  private static Harbor.User banned;
  private static Harbor.User exact;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    Cargo cargo = Cargo.load(harbor);
    requests = cargo.requests();
    arns = cargo.arns();
    stranger = harbor.user("stranger");
    banned = harbor.user("banned");
    exact = harbor.user("exact");
    harbor.policy(banned, policy(List.of(EVERYTHING, statement("Deny", "*", "*"))));
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static JsonObject statement(String effect, String action, String resource) {
    return JsonObject.EMPTY
        .with("Effect", effect)
        .with("Action", action)
        .with("Resource", resource);
  }

  private static JsonObject policy(List<? extends JsonValue> statements) {
    return JsonObject.EMPTY
        .with("Version", "2012-10-17")
        .with("Statement", new JsonArray(List.copyOf(statements)));
  }

  /** All but what is called without a signature: {@code WebIdentityDoorTest} holds that. */
  static Stream<Operation<?, ?>> signed(Harbor harbor) {
    return harbor.operations().stream().filter(o -> !(o instanceof UnsignedOperation));
  }

  private static Stream<Operation<?, ?>> deniable() {
    return signed(harbor).filter(o -> !NEVER_DENIED.contains(o.model().toString()));
  }

  private static DynamicTest test(Operation<?, ?> operation, Runnable body) {
    return DynamicTest.dynamicTest(operation.model().toString(), body::run);
  }

  private static ApiError denied(Operation<?, ?> operation, Optional<ApiError> answer) {
    ApiError error =
        answer.orElseThrow(() -> new AssertionError(operation.model() + " was allowed"));
    String code =
        operation.model().service().protocol() == Protocol.JSON
            ? "AccessDeniedException"
            : "AccessDenied";
    assertThat(error.code()).as(error.text()).isEqualTo(code);
    return error;
  }

  @Test
  @Order(1)
  void onlyDeclaredOperationsAreNeverDenied() {
    var signed = new TreeSet<String>();
    for (Operation<?, ?> operation : signed(harbor).toList()) {
      Access access = harbor.access(operation, requests.of(operation.model()), stranger);
      if (access.demands().isEmpty()) {
        signed.add(operation.model().toString());
      }
    }
    assertThat(signed).containsExactlyInAnyOrderElementsOf(NEVER_DENIED);
  }

  @TestFactory
  @Order(2)
  Stream<DynamicTest> neverDeniedIsServedInSpiteOfADeny() {
    return harbor.operations().stream()
        .filter(o -> NEVER_DENIED.contains(o.model().toString()))
        .map(
            o ->
                test(
                    o,
                    () ->
                        assertThat(harbor.attempt(banned.credentials(), o, requests.of(o.model())))
                            .isEmpty()));
  }

  @TestFactory
  @Order(3)
  Stream<DynamicTest> withoutPermissionIsDenied() {
    return deniable()
        .map(
            o ->
                test(
                    o,
                    () -> {
                      JsonObject in = requests.of(o.model());
                      ApiError error = denied(o, harbor.attempt(stranger.credentials(), o, in));
                      String action = harbor.access(o, in, stranger).demands().getFirst().action();
                      assertThat(error.text())
                          .contains(stranger.arn() + " is not authorized to perform: " + action)
                          .contains(
                              WITHOUT_REASON.contains(o.model().toString())
                                  ? ""
                                  : "because no identity-based policy allows the "
                                      + action
                                      + " action");
                    }));
  }

  @TestFactory
  @Order(4)
  Stream<DynamicTest> anExplicitDenyIsNamed() {
    return deniable()
        .map(
            o ->
                test(
                    o,
                    () ->
                        assertThat(
                                denied(
                                        o,
                                        harbor.attempt(
                                            banned.credentials(), o, requests.of(o.model())))
                                    .text())
                            .contains("with an explicit deny in an identity-based policy")));
  }

  @TestFactory
  @Order(5)
  Stream<DynamicTest> anArnOfAnotherAccountIsDenied() {
    return deniable().filter(o -> takesArn(o)).map(o -> test(o, () -> foreign(o)));
  }

  private static void foreign(Operation<?, ?> operation) {
    Optional<ApiError> answer =
        harbor.attempt(harbor.foreign().administrator(), operation, withArns(operation));
    String other = ARN_IS_A_VALUE.get(operation.model().toString());
    if (other != null) {
      assertThat(answer.map(ApiError::code)).hasValue(other);
    } else {
      denied(operation, answer);
    }
  }

  private static JsonObject withArns(Operation<?, ?> operation) {
    JsonObject in = requests.of(operation.model());
    JsonObject more = arns.getOrDefault(operation.model().toString(), JsonObject.EMPTY);
    for (Map.Entry<String, JsonValue> member : more.members().entrySet()) {
      in = in.with(member.getKey(), member.getValue());
    }
    return in;
  }

  private static boolean takesArn(Operation<?, ?> operation) {
    JsonObject in = withArns(operation);
    return in.members().values().stream()
        .map(Json::text)
        .anyMatch(
            text -> text.matches("\\[?\"arn:aws:[a-z]+:[a-z0-9-]*:" + harbor.account() + ":.*"));
  }

  @TestFactory
  @Order(6)
  Stream<DynamicTest> anyLessThanWhatIsDemandedIsDenied() {
    return deniable().map(o -> test(o, () -> less(o)));
  }

  /** Leaves out one demand after the other, by its action and then by its resource. */
  private static void less(Operation<?, ?> operation) {
    JsonObject in = requests.of(operation.model());
    List<Demand> demands = harbor.access(operation, in, exact).demands();
    for (Demand missing : demands) {
      var others = new ArrayList<JsonObject>();
      for (Demand demand : demands) {
        if (!demand.action().equals(missing.action())) {
          others.add(statement("Allow", demand.action(), demand.resource()));
        }
      }
      var withoutAction = new ArrayList<>(others);
      withoutAction.add(
          JsonObject.EMPTY
              .with("Effect", "Allow")
              .with("NotAction", missing.action())
              .with("Resource", "*"));
      harbor.policy(exact, policy(withoutAction));
      denied(operation, harbor.attempt(exact.credentials(), operation, in));
      if (!missing.resource().equals("*")) {
        var elsewhere = new ArrayList<>(others);
        elsewhere.add(
            JsonObject.EMPTY
                .with("Effect", "Allow")
                .with("Action", missing.action())
                .with("NotResource", missing.resource()));
        harbor.policy(exact, policy(elsewhere));
        denied(operation, harbor.attempt(exact.credentials(), operation, in));
      }
    }
  }

  @TestFactory
  @Order(7)
  Stream<DynamicTest> exactlyWhatIsDemandedIsEnough() {
    return deniable()
        .sorted(Comparator.comparingInt(o -> turn(o.model().name())))
        .map(o -> test(o, () -> allowed(o)));
  }

  /** Makers first, then readers, then what takes away, then what deletes. */
  static int turn(String name) {
    if (name.matches("(Create|Put|Attach|Add|Tag|Register).*")) {
      return 0;
    }
    if (name.matches("(Deactivate|Deregister|Detach|Remove|Schedule|Stop|Untag).*")) {
      return 2;
    }
    return name.matches("(BatchDelete|Cancel|Delete).*") ? 3 : 1;
  }

  private static void allowed(Operation<?, ?> operation) {
    JsonObject in = requests.of(operation.model());
    var statements = new ArrayList<JsonObject>();
    for (Demand demand : harbor.access(operation, in, exact).demands()) {
      statements.add(statement("Allow", demand.action(), demand.resource()));
    }
    harbor.policy(exact, policy(statements));
    Optional<ApiError> answer = harbor.attempt(exact.credentials(), operation, in);
    String name = operation.model().toString();
    assertThat(answer.map(e -> e.code() + ": " + e.text()).orElse(""))
        .as("%s with %s, sent %s", name, statements, Json.text(in))
        .startsWith(ALLOWED_BUT.getOrDefault(name, ""))
        .matches(text -> text.isEmpty() || ALLOWED_BUT.containsKey(name), "is an answer");
  }
}
