// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kms.World;
import dev.holdfast.service.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who may do what with a secret: identity policies, resource policies, keys and environments. */
class SecretAccessTest extends SecretsFixture {

  private Principal user(String name, String action, String resource) {
    return world.user(
        World.SHOP,
        name,
        "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}".formatted(action, resource));
  }

  private void policy(String id, String statement) {
    call(
        "PutResourcePolicy",
        "{'SecretId':'%s','ResourcePolicy':'%s'}"
            .formatted(
                id,
                "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":["
                    + statement.replace("\"", "\\\"")
                    + "]}"));
  }

  private static String statement(String effect, String principal, String action) {
    return "{\"Effect\":\"%s\",\"Principal\":%s,\"Action\":\"%s\",\"Resource\":\"*\"}"
        .formatted(effect, principal, action);
  }

  private static String named(String arn) {
    return "{\"AWS\":\"" + arn + "\"}";
  }

  @Test
  void policiesNameASecretWithItsRandomCharactersOrAnyOfThem() {
    String arn = create("shop/db", "one");
    String any = arn.substring(0, arn.length() - 6) + "??????";
    assertThat(value(user("exact", "secretsmanager:GetSecretValue", arn), "shop/db"))
        .isEqualTo("one");
    Principal marks = user("marks", "secretsmanager:*", any);
    assertThat(value(marks, "shop/db")).isEqualTo("one");
    refused("AccessDeniedException", "secretsmanager:GetSecretValue", () -> value(marks, "other"));
    call(marks, "DeleteSecret", "{'SecretId':'shop/db','ForceDeleteWithoutRecovery':true}");
    call(marks, "CreateSecret", "{'Name':'shop/db'}");
    refused(
        "AccessDeniedException",
        "secretsmanager:CreateSecret",
        () -> call(marks, "CreateSecret", "{'Name':'shop/dbx'}"));
  }

  @Test
  void tagsOnCreationNeedTheRightToTag() {
    Principal maker = user("maker", "secretsmanager:CreateSecret", "*");
    refused(
        "AccessDeniedException",
        "secretsmanager:TagResource",
        () -> call(maker, "CreateSecret", "{'Name':'a','Tags':[{'Key':'k','Value':'v'}]}"));
    refused(
        "InvalidParameterException",
        "environment",
        () -> call("CreateSecret", "{'Name':'a','Tags':[{'Key':'Environment','Value':'v'}]}"));
  }

  @Test
  void conditionKeysHoldWhatTheRequestSays() {
    create("a", "one");
    put("a", 1, "two", "");
    Principal current =
        world.user(
            World.SHOP,
            "current",
            """
            {"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",
             "Condition":{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}}""");
    assertThat(value(current, "a")).isEqualTo("two");
    refused(
        "AccessDeniedException",
        "",
        () -> call(current, "GetSecretValue", "{'SecretId':'a','VersionStage':'AWSPREVIOUS'}"));
    Principal careful =
        world.user(
            World.SHOP,
            "careful",
            """
            {"Effect":"Allow","Action":"secretsmanager:DeleteSecret","Resource":"*",
             "Condition":{"NumericGreaterThanEquals":{"secretsmanager:RecoveryWindowInDays":"20"},
              "Bool":{"secretsmanager:ForceDeleteWithoutRecovery":"false"}}}""");
    refused(
        "AccessDeniedException",
        "",
        () -> call(careful, "DeleteSecret", "{'SecretId':'a','ForceDeleteWithoutRecovery':true}"));
    refused(
        "AccessDeniedException",
        "",
        () -> call(careful, "DeleteSecret", "{'SecretId':'a','RecoveryWindowInDays':7}"));
    call(careful, "DeleteSecret", "{'SecretId':'a'}");
  }

  @Test
  void aTagOnTheSecretDecidesWhoReadsIt() {
    create("a", "one");
    call("TagResource", "{'SecretId':'a','Tags':[{'Key':'team','Value':'gold'}]}");
    Principal gold =
        world.user(
            World.SHOP,
            "gold",
            """
            {"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",
             "Condition":{"StringEquals":{"secretsmanager:ResourceTag/team":"gold"}}}""");
    assertThat(value(gold, "a")).isEqualTo("one");
    call("UntagResource", "{'SecretId':'a','TagKeys':['team']}");
    refused("AccessDeniedException", "", () -> value(gold, "a"));
  }

  @Test
  void itsOwnPolicyLetsInAndKeepsOut() {
    create("a", "one");
    Principal nobody = world.user(World.SHOP, "nobody", "");
    refused("AccessDeniedException", "", () -> value(nobody, "a"));
    String arn = nobody.identity().arn().toString();
    policy("a", statement("Allow", named(arn), "secretsmanager:GetSecretValue"));
    assertThat(value(nobody, "a")).isEqualTo("one");
    Principal anything = world.user(World.SHOP, "anything", World.ANYTHING);
    policy(
        "a",
        statement(
            "Deny", named(anything.identity().arn().toString()), "secretsmanager:GetSecretValue"));
    refused("AccessDeniedException", "explicit deny", () -> value(anything, "a"));
    assertThat(call("GetResourcePolicy", "{'SecretId':'a'}").string("ResourcePolicy"))
        .contains("Deny");
    call("DeleteResourcePolicy", "{'SecretId':'a'}");
    assertThat(call("GetResourcePolicy", "{'SecretId':'a'}").get("ResourcePolicy")).isNull();
    assertThat(value(anything, "a")).isEqualTo("one");
  }

  @Test
  void anotherAccountIsLetInByBothSidesAndACustomerKey() {
    String key = key();
    String arn =
        text(
            call(
                "CreateSecret",
                "{'Name':'shared','SecretString':'one','KmsKeyId':'%s'}".formatted(key)),
            "ARN");
    Principal bank = world.user(World.BANK, "clerk", World.ANYTHING);
    refused("AccessDeniedException", "", () -> value(bank, arn));
    policy("shared", statement("Allow", named("444455556666"), "secretsmanager:*"));
    refused("AccessDeniedException", "Access to KMS is not allowed", () -> value(bank, arn));
    keyPolicy(key, "444455556666");
    assertThat(value(bank, arn)).isEqualTo("one");
    refused(
        "ResourceNotFoundException",
        "can't find the specified secret",
        () -> value(bank, "shared"));
    refused("AccessDeniedException", "", () -> value(bank, arn.substring(0, arn.length() - 7)));
  }

  @Test
  void theManagedKeyIsForItsOwnAccount() {
    String arn = create("a", "one");
    policy("a", statement("Allow", named("444455556666"), "secretsmanager:*"));
    Principal bank = world.user(World.BANK, "clerk", World.ANYTHING);
    refused("AccessDeniedException", "Access to KMS is not allowed", () -> value(bank, arn));
  }

  @Test
  void theCallersRightToTheKeyIsAsked() {
    String key = key();
    call("CreateSecret", "{'Name':'a','SecretString':'one','KmsKeyId':'%s'}".formatted(key));
    Principal reader = user("reader", "secretsmanager:*", "*");
    refused("AccessDeniedException", "Access to KMS is not allowed", () -> value(reader, "a"));
    refused(
        "AccessDeniedException",
        "kms:GenerateDataKey",
        () ->
            call(
                reader,
                "PutSecretValue",
                "{'SecretId':'a','SecretString':'two','ClientRequestToken':'%s5'}"
                    .formatted(TOKEN)));
    Principal both =
        world.user(
            World.SHOP,
            "both",
            """
            {"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"},
            {"Effect":"Allow","Action":"kms:Decrypt","Resource":"*",
             "Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.eu-central-1.amazonaws.com"},
               "StringLike":{"kms:EncryptionContext:SecretARN":"*:secret:a-??????"}}}""");
    assertThat(value(both, "a")).isEqualTo("one");
    world.call(admin, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(key).build());
    refused("DecryptionFailure", "can't decrypt the protected secret text", () -> value("a"));
    refused("EncryptionFailure", "can't encrypt", () -> put("a", 6, "two", ""));
  }

  @Test
  void anotherKeyTakesTheVersionsInUseWithIt() {
    create("a", "one");
    put("a", 1, "two", "");
    String key = key();
    call("UpdateSecret", "{'SecretId':'a','KmsKeyId':'%s'}".formatted(key));
    assertThat(Json.text(call("ListSecretVersionIds", "{'SecretId':'a'}")))
        .contains(key)
        .doesNotContain("DefaultEncryptionKey");
    world.call(admin, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(key).build());
    refused("DecryptionFailure", "", () -> value("a"));
  }

  @Test
  void oneEnvironmentReadsNothingOfAnother() {
    call(
        "CreateSecret",
        "{'Name':'shop/prod','SecretString':'p','Tags':[{'Key':'environment','Value':'prod'}]}");
    call(
        "CreateSecret",
        "{'Name':'shop/dev','SecretString':'d','Tags':[{'Key':'environment','Value':'dev'}]}");
    Principal dev = world.user(World.SHOP, "dev", World.ANYTHING, Map.of("environment", "dev"));
    assertThat(value(dev, "shop/dev")).isEqualTo("d");
    refused("AccessDeniedException", "environment-leak", () -> value(dev, "shop/prod"));
    assertThat(
            Json.text(
                call(dev, "BatchGetSecretValue", "{'SecretIdList':['shop/dev','shop/prod']}")))
        .contains("\"SecretString\":\"d\"")
        .contains("environment-leak")
        .doesNotContain("\"SecretString\":\"p\"");
    refused(
        "AccessDeniedException",
        "environment-leak",
        () ->
            call(
                dev,
                "TagResource",
                "{'SecretId':'shop/prod','Tags':[{'Key':'environment','Value':'dev'}]}"));
    refused(
        "AccessDeniedException",
        "environment-leak",
        () -> call(dev, "UntagResource", "{'SecretId':'shop/prod','TagKeys':['environment']}"));
  }

  @Test
  void refusesPoliciesThatAreOpenToAllWhereThatIsAsked() {
    create("a", "one");
    String open = statement("Allow", "\"*\"", "secretsmanager:GetSecretValue");
    policy("a", open);
    String request =
        "{'SecretId':'a','BlockPublicPolicy':true,'ResourcePolicy':'{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":["
            + open.replace("\"", "\\\"")
            + "]}'}";
    refused("PublicPolicyException", "broad access", () -> call("PutResourcePolicy", request));
    String validate = request.replace("'BlockPublicPolicy':true,", "");
    assertThat(call("ValidateResourcePolicy", validate).isTrue("PolicyValidationPassed")).isFalse();
    refused(
        "MalformedPolicyDocumentException",
        "",
        () -> call("PutResourcePolicy", "{'SecretId':'a','ResourcePolicy':'{}'}"));
    refused(
        "MalformedPolicyDocumentException",
        "will not allow you to update the resource policy",
        () -> policy("a", statement("Deny", "\"*\"", "secretsmanager:*")));
  }

  @Test
  void whatATaskAsksForIsFoundByStageAndVersion() {
    String arn = create("a", "one");
    put("a", 1, "two", "");
    call("TagResource", "{'SecretId':'a','Tags':[{'Key':'environment','Value':'prod'}]}");
    assertThat(resolve(arn, null, null)).isEqualTo(arn + " " + TOKEN + "1 prod");
    assertThat(resolve(arn.substring(0, arn.length() - 7), "AWSPREVIOUS", null))
        .isEqualTo(arn + " " + TOKEN + "0 prod");
    assertThat(resolve(arn, null, TOKEN + "0")).isEqualTo(arn + " " + TOKEN + "0 prod");
    assertThat(resolve(arn, "AWSCURRENT", TOKEN + "0")).isEqualTo("none");
    assertThat(resolve(arn.replace("111122223333", "444455556666"), null, null)).isEqualTo("none");
    call("DeleteSecret", "{'SecretId':'a'}");
    assertThat(resolve(arn, null, null)).isEqualTo("none");
  }

  private String resolve(
      String arn,
      @org.jspecify.annotations.Nullable String stage,
      @org.jspecify.annotations.Nullable String version) {
    return world.state.read(
        view ->
            secrets
                .resolve(view, World.SHOP, World.REGION, arn, stage, version)
                .map(r -> String.join(" ", List.of(r.arn(), r.version(), "" + r.environment())))
                .orElse("none"));
  }

  private String key() {
    return Objects.requireNonNull(
        Objects.requireNonNull(
                world
                    .call(admin, KmsModel.CREATE_KEY, CreateKeyRequest.builder().build())
                    .keyMetadata())
            .keyId());
  }

  private void keyPolicy(String key, String other) {
    world.call(
        admin,
        KmsModel.PUT_KEY_POLICY,
        dev.holdfast.aws.kms.PutKeyPolicyRequest.builder()
            .keyId(key)
            .policy(
                """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},
                 {"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"kms:Decrypt","Resource":"*"}]}"""
                    .formatted(other))
            .build());
  }
}
