// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any region is served; its state is its own, and IAM is everywhere the same. */
class RegionTest {
  private static final String HERE = "us-east-1";
  private static final String THERE = "eu-central-1";

  private static Harbor harbor;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static JsonObject in(String region, String operation, String json) {
    return harbor.call(harbor.home().administrator(), region, operation, json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"us-east-1", "eu-central-1", "ap-southeast-7", "cn-north-1", "us-gov-west-1"})
  void anyRegionIsServed(String region) {
    var other = harbor.foreign();
    assertThat(
            harbor
                .call(other.administrator(), region, "sts:GetCallerIdentity", "{}")
                .string("Account"))
        .isEqualTo(other.id().digits());
    assertThat(
            harbor
                .call(other.administrator(), region, "ssm:DescribeParameters", "{}")
                .array("Parameters"))
        .isEmpty();
  }

  @Test
  void parametersAreOfTheirRegion() {
    in(HERE, "ssm:PutParameter", "{\"Name\":\"/r\",\"Value\":\"here\",\"Type\":\"String\"}");
    assertThatThrownBy(() -> in(THERE, "ssm:GetParameter", "{\"Name\":\"/r\"}"))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("ParameterNotFound"));
    in(THERE, "ssm:PutParameter", "{\"Name\":\"/r\",\"Value\":\"there\",\"Type\":\"String\"}");
    JsonObject parameter = in(HERE, "ssm:GetParameter", "{\"Name\":\"/r\"}").object("Parameter");
    assertThat(parameter.string("Value")).isEqualTo("here");
    assertThat(parameter.string("ARN")).contains(":" + HERE + ":");
    in(HERE, "ssm:DeleteParameter", "{\"Name\":\"/r\"}");
    assertThat(
            in(THERE, "ssm:GetParameter", "{\"Name\":\"/r\"}").object("Parameter").string("Value"))
        .isEqualTo("there");
  }

  @Test
  void keysAndAliasesAreOfTheirRegion() {
    String id = Harbor.text(in(HERE, "kms:CreateKey", "{}").object("KeyMetadata"), "KeyId");
    in(HERE, "kms:CreateAlias", "{\"AliasName\":\"alias/r\",\"TargetKeyId\":\"%s\"}".formatted(id));
    for (String name : new String[] {id, "alias/r"}) {
      assertThatThrownBy(() -> in(THERE, "kms:DescribeKey", "{\"KeyId\":\"%s\"}".formatted(name)))
          .isInstanceOfSatisfying(
              ApiError.class, e -> assertThat(e.code()).isEqualTo("NotFoundException"));
    }
    String blob =
        Harbor.text(
            in(HERE, "kms:Encrypt", "{\"KeyId\":\"alias/r\",\"Plaintext\":\"c2hpcA==\"}"),
            "CiphertextBlob");
    assertThatThrownBy(
            () -> in(THERE, "kms:Decrypt", "{\"CiphertextBlob\":\"%s\"}".formatted(blob)))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void repositoriesAreOfTheirRegion() {
    in(HERE, "ecr:CreateRepository", "{\"repositoryName\":\"r/web\"}");
    assertThatThrownBy(() -> in(THERE, "ecr:DescribeImages", "{\"repositoryName\":\"r/web\"}"))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("RepositoryNotFoundException"));
    assertThat(in(THERE, "ecr:DescribeRepositories", "{}").array("repositories")).isEmpty();
    in(THERE, "ecr:CreateRepository", "{\"repositoryName\":\"r/web\"}");
    assertThat(in(HERE, "ecr:DescribeRepositories", "{}").array("repositories")).hasSize(1);
  }

  @Test
  void identitiesAreGlobal() {
    in(HERE, "iam:CreateUser", "{\"UserName\":\"traveller\"}");
    assertThat(
            in(THERE, "iam:GetUser", "{\"UserName\":\"traveller\"}").object("User").string("Arn"))
        .isEqualTo("arn:aws:iam::" + harbor.account() + ":user/traveller");
  }

  @Test
  void anotherAccountSeesNothing() {
    in(HERE, "ssm:PutParameter", "{\"Name\":\"/mine\",\"Value\":\"v\",\"Type\":\"String\"}");
    assertThatThrownBy(
            () ->
                harbor.call(
                    harbor.foreign().administrator(),
                    HERE,
                    "ssm:GetParameter",
                    "{\"Name\":\"/mine\"}"))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("ParameterNotFound"));
  }
}
