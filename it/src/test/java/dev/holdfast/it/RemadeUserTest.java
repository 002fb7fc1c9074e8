// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A user who is deleted and made again has nothing of what resource policies gave the first one.
 */
class RemadeUserTest {
  private static Harbor harbor;
  private static List<Kind> kinds;

  /** An operation with its input, in which {@code POLICY} stands for a policy's text. */
  private record Asked(String operation, String in) {}

  /**
   * One kind of resource policy.
   *
   * @param put saves it
   * @param read shows it
   * @param use what it allows
   * @param refused the answer to a principal who is not there
   */
  record Kind(String name, Asked put, Asked read, Asked use, String statement, String refused) {
    @Override
    public String toString() {
      return name;
    }

    JsonObject putting(String principal) {
      String own = "arn:aws:iam::" + harbor.account() + ":root";
      String text =
          "{\"Version\":\"2012-10-17\",\"Statement\":["
              + statement.replace("OWN", own).replace("WHO", principal)
              + "]}";
      return Json.parseObject(put.in().replace("\"POLICY\"", Json.text(new JsonString(text))));
    }
  }

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    kinds = List.of(key(), repository(), registry(), secret(), parameter());
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String allow(String action) {
    return "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"WHO\"},\"Action\":\"%s\",\"Resource\":\"*\"}"
        .formatted(action);
  }

  private static Stream<Kind> kinds() {
    return kinds.stream();
  }

  private static Kind key() {
    String id = Harbor.text(harbor.admin("kms:CreateKey", "{}").object("KeyMetadata"), "KeyId");
    String in = "{\"KeyId\":\"" + id + "\"}";
    return new Kind(
        "key policy",
        new Asked(
            "kms:PutKeyPolicy",
            "{\"KeyId\":\"" + id + "\",\"PolicyName\":\"default\",\"Policy\":\"POLICY\"}"),
        new Asked("kms:GetKeyPolicy", in),
        new Asked("kms:DescribeKey", in),
        allow("kms:*").replace("WHO", "OWN") + "," + allow("kms:DescribeKey"),
        "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid"
            + " principals.");
  }

  private static Kind repository() {
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"kept\"}");
    return new Kind(
        "repository policy",
        new Asked(
            "ecr:SetRepositoryPolicy", "{\"repositoryName\":\"kept\",\"policyText\":\"POLICY\"}"),
        new Asked("ecr:GetRepositoryPolicy", "{\"repositoryName\":\"kept\"}"),
        new Asked("ecr:ListImages", "{\"repositoryName\":\"kept\"}"),
        allow("ecr:ListImages").replace(",\"Resource\":\"*\"", ""),
        "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy"
            + " constraint: 'Principal not found'");
  }

  private static Kind registry() {
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"whole\"}");
    return new Kind(
        "registry policy",
        new Asked("ecr:PutRegistryPolicy", "{\"policyText\":\"POLICY\"}"),
        new Asked("ecr:GetRegistryPolicy", "{}"),
        new Asked("ecr:ListImages", "{\"repositoryName\":\"whole\"}"),
        allow("ecr:ListImages"),
        "InvalidParameterException: Invalid parameter at 'PolicyText' failed to satisfy"
            + " constraint: 'Principal not found'");
  }

  private static Kind secret() {
    harbor.admin(
        "secretsmanager:CreateSecret", "{\"Name\":\"kept\",\"SecretString\":\"for nobody\"}");
    return new Kind(
        "policy of a secret",
        new Asked(
            "secretsmanager:PutResourcePolicy",
            "{\"SecretId\":\"kept\",\"ResourcePolicy\":\"POLICY\"}"),
        new Asked("secretsmanager:GetResourcePolicy", "{\"SecretId\":\"kept\"}"),
        new Asked("secretsmanager:DescribeSecret", "{\"SecretId\":\"kept\"}"),
        allow("secretsmanager:DescribeSecret"),
        "MalformedPolicyDocumentException: This resource policy contains an unsupported"
            + " principal.");
  }

  private static Kind parameter() {
    harbor.admin(
        "ssm:PutParameter",
        "{\"Name\":\"/kept\",\"Value\":\"v\",\"Type\":\"String\",\"Tier\":\"Advanced\"}");
    String arn = "arn:aws:ssm:us-east-1:" + harbor.account() + ":parameter/kept";
    return new Kind(
        "policy of a parameter",
        new Asked(
            "ssm:PutResourcePolicy", "{\"ResourceArn\":\"" + arn + "\",\"Policy\":\"POLICY\"}"),
        new Asked("ssm:GetResourcePolicies", "{\"ResourceArn\":\"" + arn + "\"}"),
        new Asked("ssm:GetParameter", "{\"Name\":\"/kept\"}"),
        allow("ssm:GetParameter").replace("\"Resource\":\"*\"", "\"Resource\":\"" + arn + "\""),
        "MalformedResourcePolicyDocumentException: Invalid principal in policy: \"AWS\":\"WHO\"");
  }

  private static Optional<String> attempt(Credentials who, String operation, JsonObject in) {
    return harbor.attempt(who, harbor.operation(operation).orElseThrow(), in).map(ApiError::code);
  }

  private static Optional<String> use(Harbor.User who, Kind kind) {
    return attempt(who.credentials(), kind.use().operation(), Json.parseObject(kind.use().in()));
  }

  private static String shown(Kind kind) {
    return Json.text(harbor.admin(kind.read().operation(), kind.read().in()));
  }

  private static Harbor.User remade(Harbor.User user) {
    harbor.admin(
        "iam:DeleteAccessKey",
        "{\"UserName\":\"%s\",\"AccessKeyId\":\"%s\"}"
            .formatted(user.name(), user.credentials().accessKeyId()));
    harbor.admin("iam:DeleteUser", "{\"UserName\":\"" + user.name() + "\"}");
    return harbor.user(user.name());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void inheritsNothing(Kind kind) {
    String name = "bob-" + kind.name().replace(' ', '-');
    Harbor.User bob = harbor.user(name);
    assertThat(use(bob, kind)).hasValue("AccessDeniedException");
    harbor.admin(kind.put().operation(), Json.text(kind.putting(bob.arn().toString())));
    assertThat(use(bob, kind)).isEmpty();
    assertThat(shown(kind)).contains(bob.arn().toString()).doesNotContain(bob.id());
    Harbor.User another = remade(bob);
    assertThat(another.id()).isNotEqualTo(bob.id());
    assertThat(use(another, kind)).hasValue("AccessDeniedException");
    assertThat(shown(kind)).contains(bob.id()).doesNotContain(bob.arn().toString());
    harbor.admin(kind.put().operation(), Json.text(kind.putting(another.arn().toString())));
    assertThat(use(another, kind)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nobodyIsNoPrincipal(Kind kind) {
    String nobody = "arn:aws:iam::" + harbor.account() + ":user/nobody";
    Optional<ApiError> answer =
        harbor.attempt(
            harbor.home().administrator(),
            harbor.operation(kind.put().operation()).orElseThrow(),
            kind.putting(nobody));
    assertThat(answer.map(e -> e.code() + ": " + e.text()))
        .hasValue(kind.refused().replace("WHO", nobody));
    assertThat(
            harbor
                .attempt(
                    harbor.home().administrator(),
                    harbor.operation(kind.put().operation()).orElseThrow(),
                    kind.putting("arn:aws:iam::999988887777:root"))
                .map(ApiError::code))
        .as("an account that is not there")
        .hasValue(kind.refused().substring(0, kind.refused().indexOf(':')));
  }

  /** Whether another account has a user is that account's to tell. */
  @Test
  void aStrangerWhoIsMadeLaterIsNotMeant() {
    Kind kind = distantSecret();
    String arn = "arn:aws:iam::" + harbor.foreign().id() + ":user/later";
    harbor.admin(kind.put().operation(), Json.text(kind.putting(arn)));
    assertThat(shown(kind)).contains(arn);
    Credentials foreign = harbor.foreign().administrator();
    harbor.call(foreign, "us-east-1", "iam:CreateUser", "{\"UserName\":\"later\"}");
    harbor.call(
        foreign,
        "us-east-1",
        "iam:PutUserPolicy",
        Json.text(
            JsonObject.EMPTY
                .with("UserName", "later")
                .with("PolicyName", "all")
                .with(
                    "PolicyDocument",
                    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}")));
    JsonObject key =
        harbor
            .call(foreign, "us-east-1", "iam:CreateAccessKey", "{\"UserName\":\"later\"}")
            .object("AccessKey");
    var later =
        new Credentials(Harbor.text(key, "AccessKeyId"), Harbor.text(key, "SecretAccessKey"), null);
    JsonObject in = Json.parseObject(kind.use().in());
    assertThat(attempt(later, kind.use().operation(), in)).hasValue("AccessDeniedException");
    harbor.admin(kind.put().operation(), Json.text(kind.putting(arn)));
    assertThat(attempt(later, kind.use().operation(), in)).isEmpty();
  }

  /** A secret that is named by its ARN, as other accounts name it. */
  private static Kind distantSecret() {
    String arn =
        Harbor.text(
            harbor.admin(
                "secretsmanager:CreateSecret", "{\"Name\":\"far\",\"SecretString\":\"s\"}"),
            "ARN");
    String in = "{\"SecretId\":\"" + arn + "\"}";
    return new Kind(
        "policy of a secret for another account",
        new Asked(
            "secretsmanager:PutResourcePolicy",
            "{\"SecretId\":\"" + arn + "\",\"ResourcePolicy\":\"POLICY\"}"),
        new Asked("secretsmanager:GetResourcePolicy", in),
        new Asked("secretsmanager:DescribeSecret", in),
        allow("secretsmanager:DescribeSecret"),
        "");
  }
}
