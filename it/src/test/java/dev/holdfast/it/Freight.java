// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Voyage} carries beside its parameters and its image: something of every service,
 * and how each thing is read back.
 */
final class Freight {
  private static final String POLICY =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"*\"}]}";
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
          + "[\"ecs-tasks.amazonaws.com\",\"ssm.amazonaws.com\"]},\"Action\":\"sts:AssumeRole\"}]}";

  /** A call that reads something, and what its answer must say. */
  private record Read(String what, Look look, List<String> said) {
    interface Look {
      JsonObject at(Writing from) throws IOException, InterruptedException;
    }
  }

  private final List<Read> reads = new ArrayList<>();

  private <I extends Shape, O extends Shape> void reads(
      OperationModel<I, O> model, JsonObject in, String... said) {
    reads.add(new Read(model.name(), from -> from.call(model, in), List.of(said)));
  }

  private static JsonObject in(String json) {
    return Json.parseObject(json);
  }

  /** Makes all of it; from then on it is read back. */
  void load(Writing to) throws IOException, InterruptedException {
    keys(to);
    identities(to);
    settings(to);
    secrets(to);
    logs(to);
    services(to);
    reads(
        CloudTrailModel.LOOKUP_EVENTS,
        in(
            "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"CreateSecret\"}]}"),
        "CreateSecret",
        "voyage/token");
  }

  private void keys(Writing to) throws IOException, InterruptedException {
    String key =
        to.call(KmsModel.CREATE_KEY, in("{\"Description\":\"of the voyage\"}"))
            .object("KeyMetadata")
            .string("KeyId");
    JsonObject alias = in("{\"AliasName\":\"alias/voyage\"}");
    to.call(KmsModel.CREATE_ALIAS, alias.with("TargetKeyId", String.valueOf(key)));
    to.call(KmsModel.ENABLE_KEY_ROTATION, JsonObject.EMPTY.with("KeyId", String.valueOf(key)));
    JsonObject named = in("{\"KeyId\":\"alias/voyage\"}");
    String sealed =
        to.call(KmsModel.ENCRYPT, named.with("Plaintext", "dm95YWdl")).string("CiphertextBlob");
    reads(
        KmsModel.DESCRIBE_KEY,
        named,
        String.valueOf(key),
        "of the voyage",
        "\"KeyState\":\"Enabled\"");
    reads(
        KmsModel.DECRYPT,
        JsonObject.EMPTY.with("CiphertextBlob", String.valueOf(sealed)),
        "\"Plaintext\":\"dm95YWdl\"");
    reads(
        KmsModel.GET_KEY_ROTATION_STATUS,
        JsonObject.EMPTY.with("KeyId", String.valueOf(key)),
        "\"KeyRotationEnabled\":true");
  }

  private void identities(Writing to) throws IOException, InterruptedException {
    JsonObject group = in("{\"GroupName\":\"crew\"}");
    JsonObject user = in("{\"UserName\":\"mate\"}");
    JsonObject role = in("{\"RoleName\":\"hold\"}");
    to.call(IamModel.CREATE_GROUP, group);
    to.call(
        IamModel.CREATE_USER,
        in("{\"UserName\":\"mate\",\"Tags\":[{\"Key\":\"deck\",\"Value\":\"two\"}]}"));
    to.call(IamModel.ADD_USER_TO_GROUP, group.with("UserName", "mate"));
    to.call(
        IamModel.CREATE_POLICY,
        in("{\"PolicyName\":\"read\"}")
            .with("PolicyDocument", POLICY.formatted("ssm:GetParameter")));
    to.call(IamModel.ATTACH_GROUP_POLICY, group.with("PolicyArn", to.policyArn("read")));
    to.call(IamModel.CREATE_ROLE, role.with("AssumeRolePolicyDocument", TRUST));
    to.call(
        IamModel.PUT_ROLE_POLICY,
        role.with("PolicyName", "pull").with("PolicyDocument", POLICY.formatted("ecr:*")));
    JsonObject key = to.call(IamModel.CREATE_ACCESS_KEY, user).object("AccessKey");
    var signer =
        new Credentials(
            String.valueOf(key.string("AccessKeyId")),
            String.valueOf(key.string("SecretAccessKey")),
            null);
    reads.add(
        new Read(
            "a user's key",
            from -> JsonObject.EMPTY.with("signs", from.signs(signer) ? "yes" : "no"),
            List.of("yes")));
    reads(IamModel.GET_GROUP, group, "\"UserName\":\"mate\"");
    reads(IamModel.LIST_USER_TAGS, user, "\"deck\"", "\"two\"");
    reads(IamModel.LIST_ATTACHED_GROUP_POLICIES, group, to.policyArn("read"));
    reads(
        IamModel.GET_POLICY_VERSION,
        JsonObject.EMPTY.with("PolicyArn", to.policyArn("read")).with("VersionId", "v1"),
        "GetParameter");
    reads(IamModel.GET_ROLE, role, "\"RoleName\":\"hold\"", "ecs-tasks.amazonaws.com");
    reads(IamModel.GET_ROLE_POLICY, role.with("PolicyName", "pull"), "ecr");
  }

  private void settings(Writing to) throws IOException, InterruptedException {
    JsonObject repository = JsonObject.EMPTY.with("repositoryName", Writing.REPOSITORY);
    to.call(
        EcrModel.SET_REPOSITORY_POLICY,
        repository.with(
            "policyText",
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                + "{\"AWS\":\"arn:aws:iam::"
                + to.home().account()
                + ":root\"},\"Action\":\"ecr:BatchGetImage\"}]}"));
    to.call(
        EcrModel.PUT_LIFECYCLE_POLICY,
        repository.with(
            "lifecyclePolicyText",
            "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"untagged\",\"countType\":"
                + "\"imageCountMoreThan\",\"countNumber\":9},\"action\":{\"type\":\"expire\"}}]}"));
    reads(EcrModel.GET_REPOSITORY_POLICY, repository, "BatchGetImage");
    reads(EcrModel.GET_LIFECYCLE_POLICY, repository, "imageCountMoreThan");
    reads(EcrModel.DESCRIBE_IMAGES, repository, "\"imageTags\":[\"1\"]");
    to.call(
        SsmModel.CREATE_ACTIVATION,
        in("{\"IamRole\":\"hold\",\"RegistrationLimit\":3,\"Description\":\"of the voyage\"}"));
    reads(
        SsmModel.DESCRIBE_ACTIVATIONS,
        JsonObject.EMPTY,
        "of the voyage",
        "\"RegistrationLimit\":3");
  }

  private void secrets(Writing to) throws IOException, InterruptedException {
    to.call(
        SecretsManagerModel.CREATE_SECRET,
        in("{\"Name\":\"voyage/token\",\"SecretString\":\"one\"}"));
    JsonObject secret = in("{\"SecretId\":\"voyage/token\"}");
    to.call(SecretsManagerModel.PUT_SECRET_VALUE, secret.with("SecretString", "two"));
    reads(SecretsManagerModel.GET_SECRET_VALUE, secret, "\"SecretString\":\"two\"");
    reads(
        SecretsManagerModel.GET_SECRET_VALUE,
        secret.with("VersionStage", "AWSPREVIOUS"),
        "\"SecretString\":\"one\"");
  }

  private void logs(Writing to) throws IOException, InterruptedException {
    JsonObject group = in("{\"logGroupName\":\"/voyage\"}");
    JsonObject stream = group.with("logStreamName", "log");
    to.call(LogsModel.CREATE_LOG_GROUP, group);
    to.call(
        LogsModel.PUT_RETENTION_POLICY, in("{\"logGroupName\":\"/voyage\",\"retentionInDays\":7}"));
    to.call(LogsModel.CREATE_LOG_STREAM, stream);
    to.call(
        LogsModel.PUT_LOG_EVENTS,
        in(
            "{\"logGroupName\":\"/voyage\",\"logStreamName\":\"log\",\"logEvents\":[{\"timestamp\":"
                + to.clock().instant().toEpochMilli()
                + ",\"message\":\"land ahead\"}]}"));
    reads(LogsModel.DESCRIBE_LOG_GROUPS, JsonObject.EMPTY, "/voyage", "\"retentionInDays\":7");
    reads(LogsModel.GET_LOG_EVENTS, stream, "land ahead");
  }

  private void services(Writing to) throws IOException, InterruptedException {
    to.call(
        EcsModel.REGISTER_TASK_DEFINITION,
        in(
            "{\"family\":\"sail\",\"containerDefinitions\":[{\"name\":\"sail\",\"image\":"
                + "\"registry.invalid/sail:1\",\"memory\":64}]}"));
    to.call(
        EcsModel.CREATE_SERVICE,
        in(
            "{\"cluster\":\"steady\",\"serviceName\":\"watch\",\"taskDefinition\":\"sail\","
                + "\"desiredCount\":0,\"launchType\":\"EXTERNAL\"}"));
    reads(
        EcsModel.DESCRIBE_TASK_DEFINITION,
        in("{\"taskDefinition\":\"sail:1\"}"),
        "registry.invalid/sail:1");
    reads(
        EcsModel.DESCRIBE_SERVICES,
        in("{\"cluster\":\"steady\",\"services\":[\"watch\"]}"),
        "\"status\":\"ACTIVE\"",
        "task-definition/sail:1");
    reads(
        EcsModel.LIST_SERVICE_DEPLOYMENTS,
        in("{\"cluster\":\"steady\",\"service\":\"watch\"}"),
        "service-deployment/steady/watch/");
  }

  /**
   * Reads all of it back.
   *
   * @throws AssertionError where something is missing, or is another than it was
   */
  void look(Writing from) throws IOException, InterruptedException {
    for (Read read : reads) {
      String text = Json.text(read.look().at(from));
      for (String said : read.said()) {
        if (!text.contains(said)) {
          throw new AssertionError(
              read.what() + " does not say " + said + " as was acknowledged: " + text);
        }
      }
    }
  }
}
