// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A repository's own policy lets others in, and keeps its own people out. */
class RepositoryPolicyDoorTest {
  private static Harbor harbor;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static void policy(String repository, String statements) {
    harbor.admin(
        "ecr:SetRepositoryPolicy",
        Json.text(
            JsonObject.EMPTY
                .with("repositoryName", repository)
                .with(
                    "policyText",
                    "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}")));
  }

  private static String statement(String effect, String action, String principal) {
    return "{\"Effect\":\"%s\",\"Action\":\"%s\",\"Principal\":{\"AWS\":\"%s\"}}"
        .formatted(effect, action, principal);
  }

  private static Optional<ApiError> attempt(Credentials who, String operation, String more) {
    Operation<?, ?> served = harbor.operation(operation).orElseThrow();
    return harbor.attempt(
        who,
        served,
        Json.parseObject(
            "{\"registryId\":\"%s\",\"repositoryName\":%s}".formatted(harbor.account(), more)));
  }

  @Test
  void anotherAccountComesInAsFarAsTheRepositorySays() {
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"shared\"}");
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"own\"}");
    Credentials foreign = harbor.foreign().administrator();
    assertThat(attempt(foreign, "ecr:ListImages", "\"shared\"").map(ApiError::code))
        .hasValue("AccessDeniedException");
    policy(
        "shared",
        statement("Allow", "ecr:ListImages", "arn:aws:iam::" + harbor.foreign().id() + ":root"));
    assertThat(attempt(foreign, "ecr:ListImages", "\"shared\"")).isEmpty();
    assertThat(attempt(foreign, "ecr:DescribeImages", "\"shared\"").map(ApiError::code))
        .hasValue("AccessDeniedException");
    assertThat(attempt(foreign, "ecr:ListImages", "\"own\"").map(ApiError::code))
        .hasValue("AccessDeniedException");
    assertThat(attempt(foreign, "ecr:DeleteRepositoryPolicy", "\"shared\"").map(ApiError::code))
        .hasValue("AccessDeniedException");
  }

  @Test
  void itsOwnPeopleNeedNoOtherPolicyAndADenyHoldsForAll() {
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"picky\"}");
    Harbor.User guest = harbor.user("guest");
    assertThat(attempt(guest.credentials(), "ecr:ListImages", "\"picky\"").map(ApiError::code))
        .hasValue("AccessDeniedException");
    policy(
        "picky",
        statement("Allow", "ecr:ListImages", guest.arn().toString())
            + ","
            + statement("Deny", "ecr:BatchDeleteImage", "*"));
    assertThat(attempt(guest.credentials(), "ecr:ListImages", "\"picky\"")).isEmpty();
    assertThat(
            attempt(
                    harbor.home().administrator(),
                    "ecr:BatchDeleteImage",
                    "\"picky\",\"imageIds\":[{\"imageTag\":\"1\"}]")
                .map(ApiError::text)
                .orElse(""))
        .contains("with an explicit deny in a resource-based policy");
  }

  private static void registryPolicy(Credentials by, String region, String statements) {
    harbor.call(
        by,
        region,
        "ecr:PutRegistryPolicy",
        Json.text(
            JsonObject.EMPTY.with(
                "policyText", "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}")));
  }

  @Test
  void aRegistryPolicySpeaksForEveryRepositoryOfItsAccountAndRegion() {
    TestPlatform.Account owner = harbor.platform().account();
    Credentials admin = owner.administrator();
    Credentials foreign = harbor.foreign().administrator();
    harbor.call(admin, "us-east-1", "ecr:CreateRepository", "{\"repositoryName\":\"aa\"}");
    harbor.call(admin, "us-east-1", "ecr:CreateRepository", "{\"repositoryName\":\"bb\"}");
    harbor.call(admin, "us-east-1", "ecr:CreateRepository", "{\"repositoryName\":\"prod/c\"}");
    assertThat(list(foreign, owner, "aa")).hasValue("AccessDeniedException");
    String all = "arn:aws:ecr:us-east-1:" + owner.id() + ":repository/";
    registryPolicy(
        admin,
        "us-east-1",
        statement("Allow", "ecr:ListImages", "arn:aws:iam::" + harbor.foreign().id() + ":root")
                .replace("}}", "},\"Resource\":\"" + all + "*\"}")
            + ","
            + statement("Deny", "ecr:ListImages", "*")
                .replace("}}", "},\"Resource\":\"" + all + "prod/*\"}"));
    assertThat(list(foreign, owner, "aa")).isEmpty();
    assertThat(list(foreign, owner, "bb")).isEmpty();
    assertThat(list(foreign, owner, "prod/c")).hasValue("AccessDeniedException");
    assertThat(list(admin, owner, "prod/c")).hasValue("AccessDeniedException");
    assertThat(list(admin, owner, "aa")).isEmpty();
    harbor.call(admin, "us-east-1", "ecr:DeleteRegistryPolicy", "{}");
    assertThat(list(foreign, owner, "aa")).hasValue("AccessDeniedException");
    assertThat(list(admin, owner, "prod/c")).isEmpty();
  }

  private static Optional<String> list(
      Credentials by, TestPlatform.Account owner, String repository) {
    return harbor
        .attempt(
            by,
            harbor.operation("ecr:ListImages").orElseThrow(),
            Json.parseObject(
                "{\"registryId\":\"%s\",\"repositoryName\":\"%s\"}"
                    .formatted(owner.id(), repository)))
        .map(ApiError::code);
  }

  @Test
  void aRegistryPolicyIsKeptShownAndRefusedWhereItIsNone() {
    TestPlatform.Account owner = harbor.platform().account();
    Credentials admin = owner.administrator();
    for (String operation : List.of("ecr:GetRegistryPolicy", "ecr:DeleteRegistryPolicy")) {
      assertThat(
              harbor
                  .attempt(admin, harbor.operation(operation).orElseThrow(), JsonObject.EMPTY)
                  .map(ApiError::code))
          .hasValue("RegistryPolicyNotFoundException");
    }
    assertThat(
            harbor
                .attempt(
                    admin,
                    harbor.operation("ecr:PutRegistryPolicy").orElseThrow(),
                    JsonObject.EMPTY.with("policyText", "{\"Statement\":[]}"))
                .map(ApiError::code))
        .hasValue("InvalidParameterException");
    registryPolicy(admin, "us-east-1", statement("Allow", "ecr:ListImages", "*"));
    assertThat(
            Harbor.text(
                harbor.call(admin, "us-east-1", "ecr:GetRegistryPolicy", "{}"), "policyText"))
        .contains("ecr:ListImages");
    assertThat(
            harbor
                .attempt(
                    harbor.foreign().administrator(),
                    harbor.operation("ecr:GetRegistryPolicy").orElseThrow(),
                    JsonObject.EMPTY)
                .map(ApiError::code))
        .hasValue("RegistryPolicyNotFoundException");
  }

  /**
   * A listing without names is of the registry that the request names, and judged by its policy.
   */
  @Test
  void aListingIsJudgedByThePolicyOfTheRegistryThatItNames() {
    TestPlatform.Account owner = harbor.platform().account();
    TestPlatform.Account other = harbor.platform().account();
    Credentials foreign = other.administrator();
    harbor.call(owner.administrator(), "us-east-1", "ecr:CreateRepository", named("listed/one"));
    harbor.call(foreign, "us-east-1", "ecr:CreateRepository", named("listed/two"));
    assertThat(repositories(foreign, owner)).hasValue("AccessDeniedException");
    String anything =
        statement("Allow", "ecr:*", "arn:aws:iam::" + other.id() + ":root")
            .replace("}}", "},\"Resource\":\"*\"}");
    registryPolicy(foreign, "us-east-1", anything);
    assertThat(repositories(foreign, owner)).hasValue("AccessDeniedException");
    assertThat(repositories(foreign, other)).isEmpty();
    harbor.call(foreign, "us-east-1", "ecr:DeleteRegistryPolicy", "{}");
    registryPolicy(owner.administrator(), "us-east-1", anything);
    assertThat(repositories(foreign, owner)).isEmpty();
    registryPolicy(
        owner.administrator(),
        "us-east-1",
        anything + "," + statement("Deny", "ecr:DescribeRepositories", "*"));
    assertThat(repositories(foreign, owner)).hasValue("AccessDeniedException");
    assertThat(repositories(owner.administrator(), owner)).hasValue("AccessDeniedException");
    assertThat(repositories(foreign, other)).isEmpty();
    harbor.call(owner.administrator(), "us-east-1", "ecr:DeleteRegistryPolicy", "{}");
    assertThat(repositories(owner.administrator(), owner)).isEmpty();
  }

  private static String named(String repository) {
    return Json.text(JsonObject.EMPTY.with("repositoryName", repository));
  }

  private static Optional<String> repositories(Credentials by, TestPlatform.Account owner) {
    return harbor
        .attempt(
            by,
            harbor.operation("ecr:DescribeRepositories").orElseThrow(),
            JsonObject.EMPTY.with("registryId", owner.id().digits()))
        .map(ApiError::code);
  }

  /**
   * Who may change a registry's policy is for identity policies to say, so that none is for ever.
   */
  @Test
  void noRegistryPolicyLocksItsAccountOutOfItself() {
    Credentials admin = harbor.home().administrator();
    Harbor.User guest = harbor.user("registrar");
    registryPolicy(admin, "us-east-1", statement("Allow", "ecr:*", guest.arn().toString()));
    assertThat(repositories(guest.credentials(), harbor.home())).isEmpty();
    for (String operation : List.of("ecr:GetRegistryPolicy", "ecr:DeleteRegistryPolicy")) {
      assertThat(
              harbor
                  .attempt(
                      guest.credentials(),
                      harbor.operation(operation).orElseThrow(),
                      JsonObject.EMPTY)
                  .map(ApiError::code))
          .hasValue("AccessDeniedException");
    }
    registryPolicy(admin, "us-east-1", statement("Deny", "ecr:*", "*"));
    assertThat(repositories(admin, harbor.home())).hasValue("AccessDeniedException");
    harbor.call(admin, "us-east-1", "ecr:GetRegistryPolicy", "{}");
    registryPolicy(admin, "us-east-1", statement("Deny", "ecr:*", "*"));
    harbor.call(admin, "us-east-1", "ecr:DeleteRegistryPolicy", "{}");
    assertThat(repositories(admin, harbor.home())).isEmpty();
  }
}
