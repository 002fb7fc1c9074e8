// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.it.EscalationPaths.Path;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
 * Whoever has few rights does not get many: each known way is closed to grants that only look like
 * the one that it needs, and open to exactly that one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EscalationTest {
  private static Harbor harbor;
  private static Harbor.User low;
  private static List<Path> paths;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    low = harbor.user("low");
    paths = new EscalationPaths(harbor).all(harbor);
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static Stream<DynamicTest> each(Consumer<Path> body) {
    return paths.stream()
        .map(path -> DynamicTest.dynamicTest(path.name(), () -> body.accept(path)));
  }

  private static JsonObject document(List<String> statements) {
    return Json.parseObject(
        "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}");
  }

  private static Optional<ApiError> attempt(Path path, List<String> statements) {
    harbor.policy(low, document(statements));
    Operation<?, ?> operation = harbor.operation(path.operation()).orElseThrow();
    return harbor.attempt(low.credentials(), operation, Json.parseObject(path.in()));
  }

  private static void denied(Path path, List<String> statements) {
    Optional<ApiError> answer = attempt(path, statements);
    assertThat(answer.map(ApiError::code).orElse("it was allowed"))
        .as("%s with %s", path.name(), statements)
        .startsWith("AccessDenied");
  }

  private static List<String> with(Path path, String key) {
    var statements = new ArrayList<>(path.beside());
    statements.add(key);
    return statements;
  }

  @Test
  @Order(1)
  void manyWaysAreKnown() {
    assertThat(paths).hasSizeGreaterThan(60);
  }

  @TestFactory
  @Order(2)
  Stream<DynamicTest> isClosedWithoutItsGrant() {
    return each(
        path -> {
          List<String> nothing = List.of(EscalationPaths.may("sts:GetCallerIdentity", "*"));
          denied(path, path.beside().isEmpty() ? nothing : path.beside());
          for (int i = 0; i < path.beside().size(); i++) {
            var less = new ArrayList<>(with(path, path.key()));
            less.remove(i);
            denied(path, less);
          }
        });
  }

  @TestFactory
  @Order(3)
  Stream<DynamicTest> isClosedToGrantsThatLookLikeIt() {
    return each(path -> path.near().forEach(near -> denied(path, with(path, near))));
  }

  /** Everything but identities, as AWS's PowerUserAccess has it. */
  @TestFactory
  @Order(4)
  Stream<DynamicTest> isClosedToPowerUsersWhereItLeadsThroughIdentities() {
    return paths.stream()
        .filter(path -> path.key().contains("\"iam:"))
        .map(
            path ->
                DynamicTest.dynamicTest(
                    path.name(),
                    () ->
                        denied(
                            path,
                            List.of(
                                """
                                {"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}"""))));
  }

  /** Whoever is bounded may be given everything, and still gets nothing beyond the boundary. */
  @TestFactory
  @Order(5)
  Stream<DynamicTest> isClosedByABoundary() {
    harbor.admin(
        "iam:PutUserPermissionsBoundary",
        "{\"UserName\":\"low\",\"PermissionsBoundary\":\"arn:aws:iam::%s:policy/limit\"}"
            .formatted(harbor.account()));
    return each(path -> denied(path, List.of(EscalationPaths.may("*", "*"))));
  }

  @TestFactory
  @Order(6)
  Stream<DynamicTest> isOpenToExactlyItsGrant() {
    harbor.admin("iam:DeleteUserPermissionsBoundary", "{\"UserName\":\"low\"}");
    return each(
        path -> {
          Optional<ApiError> answer = attempt(path, with(path, path.key()));
          String text = answer.map(e -> e.code() + ": " + e.text()).orElse("");
          assertThat(text).as(path.name()).startsWith(path.ends());
          assertThat(text.isEmpty())
              .as("%s: %s", path.name(), text)
              .isEqualTo(path.ends().isEmpty());
        });
  }
}
