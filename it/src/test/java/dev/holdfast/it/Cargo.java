// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the home account owns while the contract is tested, and the requests that are about it.
 * Operations that make something make {@code made}, and those that delete something delete that.
 */
final class Cargo {
  static final String ALLOW =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}]}\
      """;

  private final Harbor harbor;
  private final Map<String, JsonValue> values = new HashMap<>();
  private final Map<String, JsonObject> beside = new HashMap<>();
  private final Map<String, JsonObject> arns = new TreeMap<>();

  private Cargo(Harbor harbor) {
    this.harbor = harbor;
  }

  static Cargo load(Harbor harbor) {
    var cargo = new Cargo(harbor);
    cargo.iam();
    cargo.foreign();
    cargo.kms();
    cargo.ssm();
    new MachineCargo(cargo, harbor).load();
    cargo.secrets();
    cargo.logs();
    cargo.ecr();
    new SharedCargo(cargo, harbor).load();
    if (harbor.operation("ecs:CreateCluster").isPresent()) {
      cargo.ecs();
    }
    return cargo;
  }

  /** The smallest requests on this cargo. */
  SmallestRequest requests() {
    return new SmallestRequest(Map.copyOf(values), Map.copyOf(beside));
  }

  /** Members that also take an ARN, with one of the home account, by operation. */
  Map<String, JsonObject> arns() {
    return arns;
  }

  private String trust() {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}\
    """
        .formatted(harbor.account());
  }

  void value(String name, String text) {
    values.put(name, new JsonString(text));
  }

  void raw(String name, String json) {
    values.put(name, Json.parse(json));
  }

  void beside(String operation, String json) {
    beside.put(operation, Json.parseObject(json));
  }

  void arn(String operation, String json) {
    arns.put(operation, Json.parseObject(json));
  }

  String arnOf(String service, String resource) {
    return "arn:aws:%s:%s:%s:%s".formatted(service, Harbor.REGION, harbor.account(), resource);
  }

  private void iam() {
    Harbor.User sailor = harbor.user("sailor");
    harbor.admin("iam:CreateGroup", "{\"GroupName\":\"crew\"}");
    String role =
        Harbor.text(
            harbor
                .admin(
                    "iam:CreateRole",
                    Json.text(
                        JsonObject.EMPTY
                            .with("RoleName", "shop")
                            .with("AssumeRolePolicyDocument", trust())))
                .object("Role"),
            "Arn");
    String policy = policy("rules");
    value("sts.RoleArn", role);
    value("sts.RoleSessionName", "contract");
    value("AccessKeyId", sailor.credentials().accessKeyId());
    value("iam.UserName", "sailor");
    value("iam.GroupName", "crew");
    value("iam.RoleName", "shop");
    value("iam.PolicyName", "inline");
    value("iam.PolicyArn", policy);
    value("iam.PolicyDocument", ALLOW);
    value("iam.AssumeRolePolicyDocument", trust());
    value("iam:UpdateAssumeRolePolicy.PolicyDocument", trust());
    value("iam.Description", "what it is for");
    value("iam.VersionId", "v1");
    value("iam:DeletePolicyVersion.VersionId", "v2");
    raw("iam.Tags", "[{\"Key\":\"k\",\"Value\":\"v\"}]");
    raw("TagKeys", "[\"k\"]");
    for (String kind : List.of("User", "Group", "Role", "Policy")) {
      value("iam:Create" + kind + "." + kind + "Name", "made");
      value("iam:Delete" + kind + "." + kind + "Name", "made");
    }
    value("iam:DeletePolicy.PolicyArn", policy.replace("/rules", "/made"));
    profiles();
    federation(sailor);
    harbor.admin("iam:UpdateAccountPasswordPolicy", "{}");
    value("iam.AccountAlias", "fleet");
    value("iam.PermissionsBoundary", policy);
    value("iam.PolicySourceArn", sailor.arn().toString());
    raw("iam.PolicyInputList", Json.text(JsonArray.ofStrings(List.of(ALLOW))));
    raw("iam.ActionNames", "[\"ecs:ListClusters\"]");
    value("iam.Arn", sailor.arn().toString());
    value("iam.ServiceNamespace", "ecs");
    raw("iam.ServiceNamespaces", "[\"ecs\"]");
    value(
        "iam.JobId",
        Harbor.text(
            harbor.admin(
                "iam:GenerateServiceLastAccessedDetails", "{\"Arn\":\"%s\"}".formatted(role)),
            "JobId"));
    beside("iam:DeleteAccessKey", "{\"UserName\":\"sailor\"}");
    for (String listing :
        List.of(
            "CreateLoginProfile",
            "DeactivateMFADevice",
            "DeleteLoginProfile",
            "GetLoginProfile",
            "GetMFADevice",
            "ListMFADevices",
            "ListSSHPublicKeys",
            "ListServiceSpecificCredentials",
            "ListSigningCertificates")) {
      beside("iam:" + listing, "{\"UserName\":\"sailor\"}");
    }
    beside("iam:UpdateAccessKey", "{\"UserName\":\"sailor\"}");
    beside("iam:CreateLoginProfile", "{\"UserName\":\"sailor\",\"Password\":\"Fair-Wind-8\"}");
    value("iam.OldPassword", "Fair-Wind-8");
    value("iam.NewPassword", "Fair-Wind-9");
    factors();
  }

  /** A device of the user, and one that is nobody's. */
  private void factors() {
    String phone = device("phone");
    String spare = device("spare");
    value("iam.SerialNumber", phone);
    value("iam:EnableMFADevice.SerialNumber", spare);
    value("iam.AuthenticationCode1", "000000");
    value("iam.AuthenticationCode2", "000000");
    value("iam:CreateVirtualMFADevice.VirtualMFADeviceName", "made");
    value("iam:DeleteVirtualMFADevice.SerialNumber", phone.replace("/phone", "/made"));
  }

  private String device(String name) {
    JsonObject made =
        harbor
            .admin(
                "iam:CreateVirtualMFADevice", "{\"VirtualMFADeviceName\":\"%s\"}".formatted(name))
            .object("VirtualMFADevice");
    String serial = Harbor.text(made, "SerialNumber");
    if (name.equals("phone")) {
      long _ = Phone.of(made).enable(harbor, "sailor", serial);
    }
    return serial;
  }

  private void profiles() {
    for (String name : List.of("bare", "manned")) {
      harbor.admin("iam:CreateInstanceProfile", "{\"InstanceProfileName\":\"%s\"}".formatted(name));
    }
    harbor.admin(
        "iam:AddRoleToInstanceProfile",
        "{\"InstanceProfileName\":\"manned\",\"RoleName\":\"shop\"}");
    value("iam.InstanceProfileName", "manned");
    value("iam:AddRoleToInstanceProfile.InstanceProfileName", "bare");
    value("iam:CreateInstanceProfile.InstanceProfileName", "made");
    value("iam:DeleteInstanceProfile.InstanceProfileName", "made");
  }

  private void federation(Harbor.User sailor) {
    String print = "0123456789abcdef0123456789abcdef01234567";
    raw("iam.ThumbprintList", "[\"" + print + "\"]");
    value("iam.ClientID", "app");
    JsonObject kept =
        harbor.admin(
            "iam:CreateOpenIDConnectProvider",
            "{\"Url\":\"https://kept.test\",\"ThumbprintList\":[\"%s\"]}".formatted(print));
    String arn = Harbor.text(kept, "OpenIDConnectProviderArn");
    value("iam.OpenIDConnectProviderArn", arn);
    value("iam.Url", "https://made.test");
    beside("iam:CreateOpenIDConnectProvider", "{\"ThumbprintList\":[\"%s\"]}".formatted(print));
    value("iam:DeleteOpenIDConnectProvider.OpenIDConnectProviderArn", arn.replace("kept", "made"));
    String service = "ecs.amazonaws.com";
    String role = "AWSServiceRoleForECS";
    value("iam.AWSServiceName", service);
    harbor.admin("iam:CreateServiceLinkedRole", "{\"AWSServiceName\":\"%s\"}".formatted(service));
    value("iam:DeleteServiceLinkedRole.RoleName", role);
    value(
        "iam.DeletionTaskId",
        Harbor.text(
            harbor.admin("iam:DeleteServiceLinkedRole", "{\"RoleName\":\"%s\"}".formatted(role)),
            "DeletionTaskId"));
    value("sts.Name", "guest");
    harbor.admin("iam:EnableOutboundWebIdentityFederation", "{}");
    raw("sts.Audience", "[\"app\"]");
    value("sts.SigningAlgorithm", "ES384");
    value("sts.TradeInToken", "none");
    value("sts.EncodedMessage", denial(sailor));
  }

  /** The id of a denial of somebody of the home account. */
  private String denial(Harbor.User user) {
    String text =
        harbor
            .attempt(
                user.credentials(),
                harbor.operation("iam:ListUsers").orElseThrow(),
                JsonObject.EMPTY)
            .orElseThrow()
            .text();
    String mark = "(authorization id: ";
    return text.substring(text.indexOf(mark) + mark.length(), text.lastIndexOf(')'));
  }

  /** Gives the other account entities of the same names, so that only the ARN is foreign. */
  private void foreign() {
    var credentials = harbor.foreign().administrator();
    harbor.call(credentials, "us-east-1", "iam:CreateUser", "{\"UserName\":\"sailor\"}");
    harbor.call(credentials, "us-east-1", "iam:CreateGroup", "{\"GroupName\":\"crew\"}");
    harbor.call(
        credentials,
        "us-east-1",
        "iam:CreateRole",
        Json.text(
            JsonObject.EMPTY.with("RoleName", "shop").with("AssumeRolePolicyDocument", trust())));
  }

  private String policy(String name) {
    JsonObject in = JsonObject.EMPTY.with("PolicyName", name).with("PolicyDocument", ALLOW);
    return Harbor.text(harbor.admin("iam:CreatePolicy", Json.text(in)).object("Policy"), "Arn");
  }

  private JsonObject key() {
    return harbor.admin("kms:CreateKey", "{}").object("KeyMetadata");
  }

  private void kms() {
    JsonObject key = key();
    String id = Harbor.text(key, "KeyId");
    String arn = Harbor.text(key, "Arn");
    String other = Harbor.text(key(), "KeyId");
    value("kms.KeyId", id);
    value("kms.TargetKeyId", id);
    value("kms.AliasName", "alias/made");
    for (String op :
        List.of("DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion")) {
      value("kms:" + op + ".KeyId", other);
      arn("kms:" + op, "{\"KeyId\":\"%s\"}".formatted(arnOf("kms", "key/" + other)));
    }
    raw("kms.Tags", "[{\"TagKey\":\"k\",\"TagValue\":\"v\"}]");
    value(
        "kms.Policy",
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}\
        """
            .formatted(harbor.account()));
    value("kms.Description", "what it is for");
    beside("kms:GenerateDataKey", "{\"KeySpec\":\"AES_256\"}");
    beside("kms:GenerateDataKeyWithoutPlaintext", "{\"KeySpec\":\"AES_256\"}");
    JsonObject sealed =
        harbor.admin("kms:Encrypt", "{\"KeyId\":\"%s\",\"Plaintext\":\"c2hpcA==\"}".formatted(id));
    String blob = Harbor.text(sealed, "CiphertextBlob");
    beside("kms:Decrypt", "{\"CiphertextBlob\":\"%s\"}".formatted(blob));
    for (String op :
        List.of(
            "Decrypt",
            "DescribeKey",
            "DisableKeyRotation",
            "EnableKeyRotation",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
            "GetKeyPolicy",
            "GetKeyRotationStatus",
            "ListKeyPolicies",
            "ListResourceTags",
            "PutKeyPolicy",
            "RotateKeyOnDemand",
            "TagResource",
            "UntagResource",
            "UpdateKeyDescription")) {
      arn("kms:" + op, "{\"KeyId\":\"%s\"}".formatted(arn));
    }
  }

  private void logs() {
    harbor.admin("logs:CreateLogGroup", "{\"logGroupName\":\"/kept\"}");
    harbor.admin(
        "logs:CreateLogStream", "{\"logGroupName\":\"/kept\",\"logStreamName\":\"kept/one\"}");
    value("logs.logGroupName", "/kept");
    value("logs.logStreamName", "kept/one");
    value("logs.resourceArn", arnOf("logs", "log-group:/kept"));
    raw("logs.tags", "{\"k\":\"v\"}");
    raw("logs.tagKeys", "[\"k\"]");
    raw("logs.retentionInDays", "7");
    raw("logs.logEvents", "[{\"timestamp\":1,\"message\":\"m\"}]");
    raw("logs:UntagLogGroup.tags", "[\"k\"]");
    value("logs:CreateLogGroup.logGroupName", "/made");
    value("logs:DeleteLogGroup.logGroupName", "/made");
    value("logs:CreateLogStream.logStreamName", "made");
    value("logs:DeleteLogStream.logStreamName", "made");
    for (String operation : List.of("DescribeLogStreams", "GetLogEvents", "FilterLogEvents")) {
      beside("logs:" + operation, "{\"logGroupIdentifier\":\"/kept\"}");
      arn(
          "logs:" + operation,
          "{\"logGroupIdentifier\":\"%s\"}".formatted(arnOf("logs", "log-group:/kept")));
    }
    beside("logs:CreateLogGroup", "{\"tags\":{\"k\":\"v\"}}");
  }

  private void ssm() {
    harbor.admin(
        "ssm:PutParameter", "{\"Name\":\"/shop/kept\",\"Value\":\"v\",\"Type\":\"String\"}");
    value("ssm.Name", "/shop/kept");
    raw("ssm.Names", "[\"/shop/kept\"]");
    value("ssm.Path", "/shop");
    value("ssm.ResourceId", "/shop/kept");
    value("ssm.ResourceType", "Parameter");
    raw("ssm.Tags", "[{\"Key\":\"k\",\"Value\":\"v\"}]");
    value("ssm.Value", "v");
    raw("ssm.Labels", "[\"stable\"]");
    raw("ssm.ParameterVersion", "1");
    value("ssm:PutParameter.Name", "/made/one");
    value("ssm:DeleteParameter.Name", "/made/one");
    raw("ssm:DeleteParameters.Names", "[\"/made/one\"]");
    beside("ssm:PutParameter", "{\"Type\":\"String\"}");
    String parameter = arnOf("ssm", "parameter/shop/kept");
    arn("ssm:GetParameter", "{\"Name\":\"%s\"}".formatted(parameter));
    arn("ssm:GetParameters", "{\"Names\":[\"%s\"]}".formatted(parameter));
    arn("ssm:GetParameterHistory", "{\"Name\":\"%s\"}".formatted(parameter));
  }

  private void secrets() {
    String version = "0123456789abcdef0123456789abcdef";
    String arn =
        Harbor.text(
            harbor.admin(
                "secretsmanager:CreateSecret",
                "{\"Name\":\"shop/kept\",\"SecretString\":\"v\",\"ClientRequestToken\":\"%s\"}"
                    .formatted(version)),
            "ARN");
    value("secretsmanager.SecretId", "shop/kept");
    value("secretsmanager.Name", "made");
    for (String op : List.of("DeleteSecret", "RestoreSecret")) {
      value("secretsmanager:" + op + ".SecretId", "made");
    }
    value("secretsmanager.VersionStage", "mine");
    value("secretsmanager.ResourcePolicy", secretPolicy());
    raw("secretsmanager.Tags", "[{\"Key\":\"k\",\"Value\":\"v\"}]");
    beside("secretsmanager:BatchGetSecretValue", "{\"SecretIdList\":[\"shop/kept\"]}");
    beside("secretsmanager:PutSecretValue", "{\"SecretString\":\"v\"}");
    beside(
        "secretsmanager:UpdateSecretVersionStage",
        "{\"MoveToVersionId\":\"%s\"}".formatted(version));
    beside("secretsmanager:ValidateResourcePolicy", "{\"SecretId\":\"shop/kept\"}");
    for (String op :
        List.of(
            "DeleteResourcePolicy",
            "DescribeSecret",
            "GetResourcePolicy",
            "GetSecretValue",
            "ListSecretVersionIds",
            "PutResourcePolicy",
            "PutSecretValue",
            "TagResource",
            "UntagResource",
            "UpdateSecret",
            "UpdateSecretVersionStage",
            "ValidateResourcePolicy")) {
      arn("secretsmanager:" + op, "{\"SecretId\":\"%s\"}".formatted(arn));
    }
  }

  private String secretPolicy() {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"secretsmanager:GetRandomPassword","Resource":"*"}]}\
    """
        .formatted(harbor.account());
  }

  private void ecr() {
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"shop/kept\"}");
    value("ecr.repositoryName", "shop/kept");
    value("ecr:CreateRepository.repositoryName", "made");
    raw("ecr.imageScanningConfiguration", "{\"scanOnPush\":false}");
    value(
        "ecr.lifecyclePolicyText",
        """
        {"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}\
        """);
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"ecr:ListImages"}]}\
        """
            .formatted(harbor.account());
    value("ecr.policyText", policy);
    harbor.admin(
        "ecr:SetRepositoryPolicy",
        Json.text(JsonObject.EMPTY.with("repositoryName", "shop/kept").with("policyText", policy)));
    value("ecr:DeleteRepository.repositoryName", "made");
    raw("ecr.imageIds", "[{\"imageTag\":\"1\"}]");
    value("ecr.resourceArn", arnOf("ecr", "repository/shop/kept"));
    raw("tags", "[{\"Key\":\"k\",\"Value\":\"v\"}]");
    raw("ecs.tags", "[{\"key\":\"k\",\"value\":\"v\"}]");
    raw("tagKeys", "[\"k\"]");
  }

  private void ecs() {
    harbor.admin("ecs:CreateCluster", "{\"clusterName\":\"default\"}");
    harbor.admin("ecs:CreateCluster", "{\"clusterName\":\"shop\"}");
    String containers =
        "[{\"name\":\"web\",\"image\":\"shop/kept:1\",\"memory\":64,\"essential\":true}]";
    String registration = "{\"family\":\"%s\",\"containerDefinitions\":" + containers + "}";
    harbor.admin("ecs:RegisterTaskDefinition", registration.formatted("kept"));
    harbor.admin("ecs:RegisterTaskDefinition", registration.formatted("gone"));
    harbor.admin("ecs:RegisterTaskDefinition", registration.formatted("dead"));
    harbor.admin("ecs:DeregisterTaskDefinition", "{\"taskDefinition\":\"dead:1\"}");
    String instance =
        Harbor.text(
            harbor.admin("ecs:RegisterContainerInstance", resources()).object("containerInstance"),
            "containerInstanceArn");
    String cluster = arnOf("ecs", "cluster/shop");
    String task = arnOf("ecs", "task/default/0123456789abcdef0123456789abcdef");
    value("ecs.cluster", "shop");
    value("ecs:DeleteCluster.cluster", "made");
    beside("ecs:CreateCluster", "{\"clusterName\":\"made\"}");
    value("ecs.family", "kept");
    raw("ecs.containerDefinitions", containers);
    value("ecs.taskDefinition", "kept:1");
    value("ecs:DeregisterTaskDefinition.taskDefinition", "gone:1");
    raw("ecs.taskDefinitions", "[\"dead:1\"]");
    value("ecs.task", task);
    raw("ecs.tasks", new JsonArray(List.of(new JsonString(task))));
    value("ecs.containerInstance", instance);
    raw("ecs.containerInstances", new JsonArray(List.of(new JsonString(instance))));
    value("ecs:UpdateContainerInstancesState.status", "DRAINING");
    value("ecs:ExecuteCommand.command", "ls");
    raw("ecs:ExecuteCommand.interactive", "true");
    value("ecs.resourceArn", cluster);
    beside("ecs:RegisterContainerInstance", resources());
    beside("ecs:DeregisterContainerInstance", "{\"force\":true}");
    beside("ecs:SubmitTaskStateChange", "{\"task\":\"%s\",\"status\":\"RUNNING\"}".formatted(task));
    beside(
        "ecs:SubmitContainerStateChange",
        "{\"task\":\"%s\",\"containerName\":\"web\",\"status\":\"RUNNING\"}".formatted(task));
    raw("ecs.attachments", "[]"); // there are none that have a name
    ecsArns(cluster);
    new CapacityCargo(this, harbor).load(resources());
    services();
  }

  private void services() {
    JsonObject kept =
        harbor
            .admin(
                "ecs:CreateService",
                "{\"serviceName\":\"kept\",\"taskDefinition\":\"kept:1\",\"desiredCount\":0}")
            .object("service");
    JsonObject revision = (JsonObject) kept.array("currentServiceRevisions").getFirst();
    value("ecs:CreateService.serviceName", "made");
    beside("ecs:CreateService", "{\"taskDefinition\":\"kept:1\",\"desiredCount\":0}");
    value("ecs.service", "kept");
    value("ecs:DeleteService.service", "made");
    raw("ecs.services", "[\"kept\"]");
    value("ecs.namespace", "none");
    value("ecs:GetTaskProtection.cluster", "default");
    value("ecs:UpdateTaskProtection.cluster", "default");
    beside(
        "ecs:GetTaskProtection",
        "{\"tasks\":[\"%s\"]}"
            .formatted(arnOf("ecs", "task/default/0123456789abcdef0123456789abcdef")));
    String deployment = Harbor.text(kept, "currentServiceDeployment");
    value("ecs.serviceDeploymentArn", deployment);
    raw("ecs.serviceDeploymentArns", new JsonArray(List.of(new JsonString(deployment))));
    raw(
        "ecs.serviceRevisionArns",
        new JsonArray(List.of(new JsonString(Harbor.text(revision, "arn")))));
    String arn = arnOf("ecs", "service/default/kept");
    for (String op : List.of("UpdateService", "DeleteService", "ListServiceDeployments")) {
      arn("ecs:" + op, "{\"service\":\"%s\"}".formatted(arn));
    }
    arn("ecs:DescribeServices", "{\"services\":[\"%s\"]}".formatted(arn));
    String cluster = arnOf("ecs", "cluster/default");
    for (String op :
        List.of("CreateService", "ListServices", "GetTaskProtection", "UpdateTaskProtection")) {
      arn("ecs:" + op, "{\"cluster\":\"%s\"}".formatted(cluster));
    }
  }

  private void ecsArns(String cluster) {
    for (String op :
        List.of(
            "DeleteCluster",
            "DeregisterContainerInstance",
            "DescribeContainerInstances",
            "DescribeTasks",
            "ExecuteCommand",
            "ListContainerInstances",
            "ListTasks",
            "RegisterContainerInstance",
            "RunTask",
            "StopTask",
            "SubmitAttachmentStateChanges",
            "SubmitContainerStateChange",
            "SubmitTaskStateChange",
            "UpdateContainerInstancesState")) {
      arn("ecs:" + op, "{\"cluster\":\"%s\"}".formatted(cluster));
    }
    arn("ecs:DescribeClusters", "{\"clusters\":[\"%s\"]}".formatted(cluster));
    String definition = arnOf("ecs", "task-definition/kept:1");
    arn("ecs:DescribeTaskDefinition", "{\"taskDefinition\":\"%s\"}".formatted(definition));
    arn("ecs:DeregisterTaskDefinition", "{\"taskDefinition\":\"%s\"}".formatted(definition));
    arn("ecs:DeleteTaskDefinitions", "{\"taskDefinitions\":[\"%s\"]}".formatted(definition));
  }

  private static String resources() {
    return """
    {"totalResources":[{"name":"CPU","type":"INTEGER","integerValue":1024},{"name":"MEMORY","type":"INTEGER","integerValue":1024}],
     "versionInfo":{"agentVersion":"1.0.0"}}\
    """;
  }

  private void raw(String name, JsonValue json) {
    values.put(name, json);
  }
}
