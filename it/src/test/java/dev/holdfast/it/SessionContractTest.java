// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every operation owes beside {@link OperationContractTest}: outside a permissions boundary it
 * is refused whatever the policies say, and so it is with a session that is over or was ended.
 */
class SessionContractTest {
  private static final String EVERYTHING = "arn:aws:iam::aws:policy/AdministratorAccess";

  private static Harbor harbor;
  private static SmallestRequest requests;
  private static Harbor.User bounded;
  private static String role;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    requests = Cargo.load(harbor).requests();
    bounded = harbor.user("bounded");
    harbor.policy(
        bounded,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""));
    JsonObject boundary =
        harbor
            .admin(
                "iam:CreatePolicy",
                Json.text(
                    JsonObject.EMPTY
                        .with("PolicyName", "nothing-but-this")
                        .with("PolicyDocument", Cargo.ALLOW)))
            .object("Policy");
    harbor.admin(
        "iam:PutUserPermissionsBoundary",
        Json.text(
            JsonObject.EMPTY
                .with("UserName", "bounded")
                .with("PermissionsBoundary", Harbor.text(boundary, "Arn"))));
    role =
        Harbor.text(
            harbor.admin("iam:CreateRole", ForeignNames.trusting("captain", "*")).object("Role"),
            "Arn");
    harbor.admin(
        "iam:AttachRolePolicy", "{\"RoleName\":\"captain\",\"PolicyArn\":\"" + EVERYTHING + "\"}");
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static DynamicTest test(Operation<?, ?> operation, Runnable body) {
    return DynamicTest.dynamicTest(operation.model().toString(), body::run);
  }

  private static ApiError refused(Operation<?, ?> operation, Credentials by, CommonError expected) {
    Optional<ApiError> answer = harbor.attempt(by, operation, requests.of(operation.model()));
    ApiError error =
        answer.orElseThrow(() -> new AssertionError(operation.model() + " was allowed"));
    assertThat(error.code())
        .as(error.text())
        .isEqualTo(expected.in(operation.model().service().protocol()).code());
    return error;
  }

  @TestFactory
  Stream<DynamicTest> outsideABoundaryIsDenied() {
    return harbor.operations().stream()
        .filter(o -> !OperationContractTest.NEVER_DENIED.contains(o.model().toString()))
        .map(
            o ->
                test(
                    o,
                    () -> {
                      ApiError error = refused(o, bounded.credentials(), CommonError.ACCESS_DENIED);
                      String why =
                          OperationContractTest.WITHOUT_REASON.contains(o.model().toString())
                              ? "is not authorized to perform: "
                              : "because no permissions boundary allows the ";
                      assertThat(error.text()).contains(why);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> withAnExpiredSessionIsRefused() {
    Credentials over =
        harbor
            .platform()
            .session(role, InstantSource.system().instant().minus(Duration.ofHours(2)), false);
    return harbor.operations().stream()
        .map(o -> test(o, () -> refused(o, over, CommonError.EXPIRED_TOKEN)));
  }

  @TestFactory
  Stream<DynamicTest> withARevokedSessionIsRefused() {
    Credentials ended = harbor.platform().session(role, InstantSource.system().instant(), true);
    return harbor.operations().stream()
        .map(o -> test(o, () -> refused(o, ended, CommonError.INVALID_CLIENT_TOKEN_ID)));
  }

  @Test
  void theSameSessionServesUntilItIsOverOrEnded() {
    Credentials good = harbor.platform().session(role, InstantSource.system().instant(), false);
    for (String operation : Set.of("iam:ListUsers", "ecs:ListClusters", "kms:ListKeys")) {
      assertThat(harbor.attempt(good, harbor.operation(operation).orElseThrow(), JsonObject.EMPTY))
          .as(operation)
          .isEmpty();
    }
  }
}
