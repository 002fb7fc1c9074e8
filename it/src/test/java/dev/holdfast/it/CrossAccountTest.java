// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Another account's administrator names what belongs to the home account in members that are not
 * the resource of the call, with everything else its own.
 */
class CrossAccountTest {
  private static Harbor harbor;
  private static String key;
  private static String blob;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    key = Harbor.text(harbor.admin("kms:CreateKey", "{}").object("KeyMetadata"), "Arn");
    blob =
        Harbor.text(
            harbor.admin(
                "kms:Encrypt", "{\"KeyId\":\"%s\",\"Plaintext\":\"c2hpcA==\"}".formatted(key)),
            "CiphertextBlob");
    harbor.admin(
        "iam:CreateRole",
        Json.text(
            JsonObject.EMPTY.with("RoleName", "exec").with("AssumeRolePolicyDocument", trust())));
    harbor.admin("ecs:CreateCluster", "{\"clusterName\":\"shop\"}");
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"shop/web\"}");
    foreign("ecr:CreateRepository", "{\"repositoryName\":\"shop/web\"}");
    foreign("ecs:CreateCluster", "{\"clusterName\":\"own\"}");
    foreign("ecs:RegisterTaskDefinition", registration("own", "shop/web:1", ""));
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String trust() {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
  }

  private static String registration(String family, String image, String more) {
    return """
    {"family":"%s","containerDefinitions":[{"name":"web","image":"%s","memory":64,"essential":true}]%s}"""
        .formatted(family, image, more);
  }

  private static JsonObject foreign(String operation, String json) {
    return harbor.call(harbor.foreign().administrator(), "us-east-1", operation, json);
  }

  private static ApiError refused(String operation, String json) {
    Operation<?, ?> served = harbor.operation(operation).orElseThrow();
    Credentials administrator = harbor.foreign().administrator();
    Optional<ApiError> answer = harbor.attempt(administrator, served, Json.parseObject(json));
    return answer.orElseThrow(() -> new AssertionError(operation + " was allowed: " + json));
  }

  private static void denied(String operation, String json) {
    ApiError error = refused(operation, json);
    assertThat(error.code()).as(error.text()).startsWith("AccessDenied");
  }

  private static String arn(String service, String resource) {
    return "arn:aws:%s:us-east-1:%s:%s".formatted(service, harbor.account(), resource);
  }

  private static String role() {
    return "arn:aws:iam::" + harbor.account() + ":role/exec";
  }

  @Test
  void runsNoTaskInAForeignCluster() {
    denied(
        "ecs:RunTask",
        "{\"taskDefinition\":\"own\",\"cluster\":\"%s\"}".formatted(arn("ecs", "cluster/shop")));
    assertThat(harbor.admin("ecs:ListTasks", "{\"cluster\":\"shop\"}").array("taskArns")).isEmpty();
  }

  @Test
  void passesNoForeignRole() {
    for (String member : new String[] {"taskRoleArn", "executionRoleArn"}) {
      denied(
          "ecs:RegisterTaskDefinition",
          registration("other", "shop/web:1", ",\"%s\":\"%s\"".formatted(member, role())));
      denied(
          "ecs:RunTask",
          "{\"taskDefinition\":\"own\",\"cluster\":\"own\",\"overrides\":{\"%s\":\"%s\"}}"
              .formatted(member, role()));
    }
  }

  @Test
  void learnsNothingOfAForeignRepository() {
    refused(
        "ecr:DescribeImages",
        "{\"repositoryName\":\"shop/web\",\"registryId\":\"%s\"}".formatted(harbor.account()));
    refused(
        "ecr:ListImages",
        "{\"repositoryName\":\"shop/web\",\"registryId\":\"%s\"}".formatted(harbor.account()));
    refused(
        "ecr:DeleteRepository",
        "{\"repositoryName\":\"shop/web\",\"registryId\":\"%s\"}".formatted(harbor.account()));
    refused("ecr:DescribeRepositories", "{\"registryId\":\"%s\"}".formatted(harbor.account()));
    refused(
        "ecr:CreateRepository",
        "{\"repositoryName\":\"new\",\"registryId\":\"%s\"}".formatted(harbor.account()));
  }

  @Test
  void usesNoForeignKey() {
    denied("kms:Decrypt", "{\"CiphertextBlob\":\"%s\"}".formatted(blob));
    denied(
        "kms:CreateAlias",
        "{\"AliasName\":\"alias/stolen\",\"TargetKeyId\":\"%s\"}".formatted(key));
    refused("kms:ListAliases", "{\"KeyId\":\"%s\"}".formatted(key));
    refused(
        "ssm:PutParameter",
        "{\"Name\":\"/x\",\"Value\":\"v\",\"Type\":\"SecureString\",\"KeyId\":\"%s\"}"
            .formatted(key));
  }

  @Test
  void tagsNothingForeign() {
    for (String resource : new String[] {"cluster/shop", "task-definition/x:1", "task/shop/abc"}) {
      denied(
          "ecs:TagResource",
          "{\"resourceArn\":\"%s\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}"
              .formatted(arn("ecs", resource)));
      denied("ecs:ListTagsForResource", "{\"resourceArn\":\"%s\"}".formatted(arn("ecs", resource)));
    }
  }

  @Test
  void assumesNoForeignRole() {
    denied(
        "sts:AssumeRole",
        "{\"RoleArn\":\"%s\",\"RoleSessionName\":\"stranger\"}".formatted(role()));
    denied(
        "sts:AssumeRole",
        "{\"RoleArn\":\"arn:aws:iam::%s:role/missing\",\"RoleSessionName\":\"stranger\"}"
            .formatted(harbor.account()));
  }

  @Test
  void seesNoForeignEvents() {
    harbor.admin("ssm:PutParameter", "{\"Name\":\"/seen\",\"Value\":\"v\",\"Type\":\"String\"}");
    String events =
        Json.text(
            foreign(
                "cloudtrail:LookupEvents",
                "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"PutParameter\"}]}"));
    assertThat(events).doesNotContain("/seen").doesNotContain(harbor.account() + ":user/");
  }
}
