// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The known ways from few rights to many that the served operations open, each with the grant that
 * it needs and with grants that look like it.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html">Best
 *     practices</a>
 */
final class EscalationPaths {
  static final String ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
  private static final String READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

  /**
   * A way.
   *
   * @param key the statement that opens it
   * @param beside what it needs beside, all of it
   * @param near statements that do not open it in place of the key
   * @param ends what the call ends with once it is allowed: nothing, or the beginning of an error
   *     that has no more to do with rights
   */
  record Path(
      String name,
      String operation,
      String in,
      String key,
      List<String> beside,
      List<String> near,
      String ends) {
    /** A way that needs nothing beside, and succeeds. */
    static Path of(String name, String operation, String in, String key, String... near) {
      return new Path(name, operation, in, key, List.of(), List.of(near), "");
    }

    Path beside(String... statements) {
      return new Path(name, operation, in, key, List.of(statements), near, ends);
    }

    Path ending(String error) {
      return new Path(name, operation, in, key, beside, near, error);
    }
  }

  private final String account;
  private final List<Path> paths = new ArrayList<>();

  EscalationPaths(Harbor harbor) {
    this.account = harbor.account().digits();
    Harbor.User victim = harbor.user("victim");
    harbor.admin("iam:CreateGroup", "{\"GroupName\":\"admins\"}");
    for (String role : List.of("strong", "weak")) {
      harbor.admin("iam:CreateRole", object("RoleName", role, "AssumeRolePolicyDocument", trust()));
    }
    for (String policy : List.of("rules", "limit")) {
      harbor.admin("iam:CreatePolicy", object("PolicyName", policy, "PolicyDocument", Cargo.ALLOW));
    }
    harbor.admin(
        "iam:CreatePolicyVersion",
        object("PolicyArn", iam("policy/rules"), "PolicyDocument", all()));
    harbor.admin(
        "iam:PutUserPermissionsBoundary",
        object("UserName", "victim", "PermissionsBoundary", iam("policy/limit")));
    harbor.admin(
        "iam:PutRolePermissionsBoundary",
        object("RoleName", "weak", "PermissionsBoundary", iam("policy/limit")));
    harbor.admin("iam:CreateInstanceProfile", "{\"InstanceProfileName\":\"machine\"}");
    harbor.admin("ecs:CreateCluster", "{\"clusterName\":\"default\"}");
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"web\"}");
    harbor.admin(
        "ssm:PutParameter",
        "{\"Name\":\"/vault\",\"Value\":\"v\",\"Type\":\"String\",\"Tier\":\"Advanced\"}");
    harbor.admin("secretsmanager:CreateSecret", "{\"Name\":\"vault\",\"SecretString\":\"v\"}");
    harbor.admin("ecs:RegisterTaskDefinition", definition("plain", ""));
    harbor.admin(
        "ecs:RegisterTaskDefinition",
        definition("armed", ",\"taskRoleArn\":\"%s\"".formatted(iam("role/strong"))));
    harbor.admin(
        "ecs:CreateService",
        "{\"serviceName\":\"shop\",\"taskDefinition\":\"plain:1\",\"desiredCount\":0}");
    String keyArn = Harbor.text(harbor.admin("kms:CreateKey", "{}").object("KeyMetadata"), "Arn");
    String secret =
        Harbor.text(
            harbor.admin("secretsmanager:DescribeSecret", "{\"SecretId\":\"vault\"}"), "ARN");
    policies();
    identities();
    roles();
    tasks();
    resources(keyArn, secret);
    paths.addAll(new EscalationBySlack(harbor).all(victim));
    paths.addAll(new EscalationByTrust(harbor).all());
    paths.add(EscalationByTrust.rename(account));
  }

  List<Path> all(Harbor harbor) {
    return paths.stream().filter(p -> harbor.operation(p.operation()).isPresent()).toList();
  }

  private String iam(String resource) {
    return "arn:aws:iam::" + account + ":" + resource;
  }

  private String arn(String service, String resource) {
    return "arn:aws:%s:us-east-1:%s:%s".formatted(service, account, resource);
  }

  static String object(String... pairs) {
    JsonObject object = JsonObject.EMPTY;
    for (int i = 0; i < pairs.length; i += 2) {
      object = object.with(pairs[i], pairs[i + 1]);
    }
    return Json.text(object);
  }

  private static String all() {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
  }

  private String trust() {
    return trust(account);
  }

  /** Whoever the account lets. */
  static String trust(String account) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root",\
    "Service":["ecs-tasks.amazonaws.com","ec2.amazonaws.com"]},\
    "Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}"""
        .formatted(account);
  }

  private static String definition(String family, String more) {
    return """
    {"family":"%s","containerDefinitions":[{"name":"web","image":"web:1","memory":64,"essential":true}]%s}"""
        .formatted(family, more);
  }

  static String may(String action, String resource) {
    return "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"}"
        .formatted(action, resource);
  }

  static String may(String action, String resource, String key, String value) {
    return """
    {"Effect":"Allow","Action":"%s","Resource":"%s","Condition":{"StringEquals":{"%s":"%s"}}}"""
        .formatted(action, resource, key, value);
  }

  private Path add(String name, String operation, String in, String key, String... near) {
    Path path = Path.of(name, operation, in, key, near);
    paths.add(path);
    return path;
  }

  /** As {@link #add}, with what it needs beside. */
  private void add(Path path) {
    paths.set(paths.size() - 1, path);
  }

  private void policies() {
    String rules = iam("policy/rules");
    String other = iam("policy/limit");
    add(
        "a policy's new version",
        "iam:CreatePolicyVersion",
        object("PolicyArn", rules, "PolicyDocument", all()),
        may("iam:CreatePolicyVersion", rules),
        may("iam:CreatePolicyVersion", other),
        may("iam:CreatePolicy", "*"));
    add(
        "an older version of a policy",
        "iam:SetDefaultPolicyVersion",
        object("PolicyArn", rules, "VersionId", "v2"),
        may("iam:SetDefaultPolicyVersion", rules),
        may("iam:SetDefaultPolicyVersion", other),
        may("iam:CreatePolicyVersion", "*"));
    for (String kind : List.of("User", "Group", "Role")) {
      String name = kind.equals("User") ? "low" : kind.equals("Group") ? "admins" : "strong";
      String target = iam(kind.toLowerCase(Locale.ROOT) + "/" + name);
      String elsewhere = iam(kind.toLowerCase(Locale.ROOT) + "/other");
      add(
          "a managed policy for a " + kind,
          "iam:Attach" + kind + "Policy",
          object(kind + "Name", name, "PolicyArn", ADMIN),
          may("iam:Attach" + kind + "Policy", target, "iam:PolicyARN", ADMIN),
          may("iam:Attach" + kind + "Policy", target, "iam:PolicyARN", READ_ONLY),
          may("iam:Attach" + kind + "Policy", elsewhere),
          may("iam:Put" + kind + "Policy", "*"));
      add(
          "an inline policy for a " + kind,
          "iam:Put" + kind + "Policy",
          object(kind + "Name", name, "PolicyName", "p", "PolicyDocument", Cargo.ALLOW),
          may("iam:Put" + kind + "Policy", target),
          may("iam:Put" + kind + "Policy", elsewhere),
          may("iam:Attach" + kind + "Policy", "*"));
    }
  }

  private void identities() {
    String victim = iam("user/victim");
    String own = iam("user/${aws:username}");
    add(
        "another's access key",
        "iam:CreateAccessKey",
        object("UserName", "victim"),
        may("iam:CreateAccessKey", victim),
        may("iam:CreateAccessKey", own),
        may("iam:UpdateAccessKey", "*"));
    for (String operation : List.of("CreateLoginProfile", "UpdateLoginProfile")) {
      Path login =
          add(
              "another's password, " + operation,
              "iam:" + operation,
              object("UserName", "victim", "Password", "Correct-horse-7-battery"),
              may("iam:" + operation, victim),
              may("iam:" + operation, own),
              may("iam:ChangePassword", "*"));
      add(operation.startsWith("Update") ? login.ending("") : login);
    }
    add(
        "a stronger group",
        "iam:AddUserToGroup",
        object("GroupName", "admins", "UserName", "low"),
        may("iam:AddUserToGroup", iam("group/admins")),
        may("iam:AddUserToGroup", iam("group/other")),
        may("iam:AddUserToGroup", iam("user/low")));
    add(
        "a tag that policies ask for",
        "iam:TagUser",
        "{\"UserName\":\"low\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"admins\"}]}",
        may("iam:TagUser", iam("user/low")),
        may("iam:TagUser", iam("user/low"), "aws:RequestTag/team", "crew"),
        may("iam:TagUser", victim),
        may("iam:TagRole", "*"));
    add(
        "a user without its boundary",
        "iam:DeleteUserPermissionsBoundary",
        object("UserName", "victim"),
        may("iam:DeleteUserPermissionsBoundary", victim),
        may("iam:DeleteUserPermissionsBoundary", iam("user/low")),
        may("iam:PutUserPermissionsBoundary", "*"));
    add(
        "a wider boundary of a user",
        "iam:PutUserPermissionsBoundary",
        object("UserName", "victim", "PermissionsBoundary", ADMIN),
        may("iam:PutUserPermissionsBoundary", victim, "iam:PermissionsBoundary", ADMIN),
        may(
            "iam:PutUserPermissionsBoundary",
            victim,
            "iam:PermissionsBoundary",
            iam("policy/limit")));
    add(
        "a fresh user without a boundary",
        "iam:CreateUser",
        object("UserName", "fresh"),
        may("iam:CreateUser", iam("user/fresh")),
        may("iam:CreateUser", iam("user/fresh"), "iam:PermissionsBoundary", iam("policy/limit")));
  }

  private void roles() {
    String strong = iam("role/strong");
    String weak = iam("role/weak");
    add(
        "the trust of a role",
        "iam:UpdateAssumeRolePolicy",
        object("RoleName", "strong", "PolicyDocument", trust()),
        may("iam:UpdateAssumeRolePolicy", strong),
        may("iam:UpdateAssumeRolePolicy", weak),
        may("iam:UpdateRole", "*"));
    add(
        "a role without its boundary",
        "iam:DeleteRolePermissionsBoundary",
        object("RoleName", "weak"),
        may("iam:DeleteRolePermissionsBoundary", weak),
        may("iam:DeleteRolePermissionsBoundary", strong));
    add(
        "a role",
        "sts:AssumeRole",
        object("RoleArn", strong, "RoleSessionName", "session"),
        may("sts:AssumeRole", strong),
        may("sts:AssumeRole", weak),
        may("iam:PassRole", "*"));
    add(
        add(
                "a session with tags that policies ask for",
                "sts:AssumeRole",
                "{\"RoleArn\":\"%s\",\"RoleSessionName\":\"session\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"admins\"}]}"
                    .formatted(strong),
                may("sts:TagSession", strong),
                may("sts:TagSession", weak),
                may("sts:TagSession", strong, "aws:RequestTag/team", "crew"))
            .beside(may("sts:AssumeRole", strong)));
    add(
        add(
                "a role for a machine",
                "iam:AddRoleToInstanceProfile",
                object("InstanceProfileName", "machine", "RoleName", "strong"),
                may("iam:PassRole", strong, "iam:PassedToService", "ec2.amazonaws.com"),
                may("iam:PassRole", strong, "iam:PassedToService", "ecs-tasks.amazonaws.com"),
                may("iam:PassRole", weak))
            .beside(may("iam:AddRoleToInstanceProfile", iam("instance-profile/machine"))));
    add(
        "a role of a service",
        "iam:CreateServiceLinkedRole",
        object("AWSServiceName", "ecs.amazonaws.com"),
        may(
            "iam:CreateServiceLinkedRole",
            iam("role/aws-service-role/ecs.amazonaws.com/*"),
            "iam:AWSServiceName",
            "ecs.amazonaws.com"),
        may("iam:CreateServiceLinkedRole", "*", "iam:AWSServiceName", "autoscaling.amazonaws.com"));
  }

  private void tasks() {
    String strong = iam("role/strong");
    String passing = may("iam:PassRole", strong, "iam:PassedToService", "ecs-tasks.amazonaws.com");
    String[] near = {
      may("iam:PassRole", strong, "iam:PassedToService", "ec2.amazonaws.com"),
      may("iam:PassRole", iam("role/weak")),
      may("sts:AssumeRole", strong)
    };
    add(
        add(
                "a definition with a stronger role",
                "ecs:RegisterTaskDefinition",
                definition("mine", ",\"taskRoleArn\":\"%s\"".formatted(strong)),
                passing,
                near)
            .beside(may("ecs:RegisterTaskDefinition", "*")));
    add(
        add(
                "a secret by a definition's execution role",
                "ecs:RegisterTaskDefinition",
                """
                {"family":"leak","executionRoleArn":"%s","containerDefinitions":[{"name":"web","image":"web:1",\
                "memory":64,"essential":true,"secrets":[{"name":"S","valueFrom":"%s"}]}]}"""
                    .formatted(strong, arn("ssm", "parameter/vault")),
                passing,
                near)
            .beside(may("ecs:RegisterTaskDefinition", "*")));
    for (String[] run :
        new String[][] {
          {"the role of a definition", "{\"taskDefinition\":\"armed:1\"}"},
          {
            "a role by override",
            "{\"taskDefinition\":\"plain:1\",\"overrides\":{\"taskRoleArn\":\"%s\"}}"
                .formatted(strong)
          },
          {
            "an execution role by override",
            "{\"taskDefinition\":\"plain:1\",\"overrides\":{\"executionRoleArn\":\"%s\"}}"
                .formatted(strong)
          }
        }) {
      add(
          add("a task with " + run[0], "ecs:RunTask", run[1], passing, near)
              .beside(may("ecs:RunTask", "*")));
    }
    add(
        add(
                "a service with the role of a definition",
                "ecs:CreateService",
                "{\"serviceName\":\"mine\",\"taskDefinition\":\"armed:1\",\"desiredCount\":0}",
                passing,
                near)
            .beside(may("ecs:CreateService", "*")));
    add(
        add(
                "a service that takes another definition",
                "ecs:UpdateService",
                "{\"service\":\"shop\",\"taskDefinition\":\"armed:1\"}",
                passing,
                near)
            .beside(may("ecs:UpdateService", "*")));
    String task = arn("ecs", "task/default/0123456789abcdef0123456789abcdef");
    add(
        add(
                "a command in a task with a stronger role",
                "ecs:ExecuteCommand",
                "{\"cluster\":\"default\",\"task\":\"%s\",\"interactive\":true,\"command\":\"sh\"}"
                    .formatted(task),
                may("ecs:ExecuteCommand", task),
                may("ecs:ExecuteCommand", arn("ecs", "task/other/*")),
                may("ecs:RunTask", "*"))
            .beside(may("ecs:ExecuteCommand", arn("ecs", "cluster/default")))
            .ending("InvalidParameterException"));
  }

  private void resources(String key, String secret) {
    String low = iam("user/low");
    String open =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"*","Resource":"*"},\
        {"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"kms:*","Resource":"*"}]}"""
            .formatted(low, iam("root"));
    add(
        "a key's policy",
        "kms:PutKeyPolicy",
        object("KeyId", key, "PolicyName", "default", "Policy", open),
        may("kms:PutKeyPolicy", key),
        may("kms:PutKeyPolicy", arn("kms", "key/00000000-0000-4000-8000-000000000000")),
        may("kms:CreateGrant", key));
    add(
        "a grant to oneself",
        "kms:CreateGrant",
        "{\"KeyId\":\"%s\",\"GranteePrincipal\":\"%s\",\"Operations\":[\"Decrypt\"]}"
            .formatted(key, low),
        may("kms:CreateGrant", key, "kms:GranteePrincipal", low),
        may("kms:CreateGrant", key, "kms:GranteePrincipal", iam("role/weak")),
        may("kms:CreateGrant", key, "kms:GrantOperations", "Encrypt"),
        """
        {"Effect":"Allow","Action":"kms:CreateGrant","Resource":"%s","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}"""
            .formatted(key));
    add(
        "a repository's policy",
        "ecr:SetRepositoryPolicy",
        object("repositoryName", "web", "policyText", open.replace("\"kms:*\"", "\"ecr:*\"")),
        may("ecr:SetRepositoryPolicy", arn("ecr", "repository/web")),
        may("ecr:SetRepositoryPolicy", arn("ecr", "repository/other")),
        may("ecr:PutLifecyclePolicy", "*"));
    add(
        "a registry's policy",
        "ecr:PutRegistryPolicy",
        object("policyText", open.replace("\"kms:*\"", "\"ecr:*\"")),
        may("ecr:PutRegistryPolicy", "*"),
        may("ecr:SetRepositoryPolicy", "*"));
    add(
        "a secret's policy",
        "secretsmanager:PutResourcePolicy",
        object("SecretId", "vault", "ResourcePolicy", open.replace("kms:*", "secretsmanager:*")),
        may("secretsmanager:PutResourcePolicy", secret),
        may("secretsmanager:PutResourcePolicy", secret.replace("vault", "other")),
        may("secretsmanager:PutSecretValue", "*"));
    add(
        "a parameter's policy",
        "ssm:PutResourcePolicy",
        object(
            "ResourceArn",
            arn("ssm", "parameter/vault"),
            "Policy",
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"ssm:GetParameter","Resource":"*"}]}"""
                .formatted(low)),
        may("ssm:PutResourcePolicy", arn("ssm", "parameter/vault")),
        may("ssm:PutResourcePolicy", arn("ssm", "parameter/other")),
        may("ssm:PutParameter", "*"));
    withoutPolicy(secret);
  }

  /** A resource's policy may be what denies. */
  private void withoutPolicy(String secret) {
    add(
        "a repository without its policy",
        "ecr:DeleteRepositoryPolicy",
        object("repositoryName", "web"),
        may("ecr:DeleteRepositoryPolicy", arn("ecr", "repository/web")),
        may("ecr:DeleteRepositoryPolicy", arn("ecr", "repository/other")),
        may("ecr:SetRepositoryPolicy", "*"));
    add(
        "a registry without its policy",
        "ecr:DeleteRegistryPolicy",
        "{}",
        may("ecr:DeleteRegistryPolicy", "*"),
        may("ecr:PutRegistryPolicy", "*"));
    add(
        "a secret without its policy",
        "secretsmanager:DeleteResourcePolicy",
        object("SecretId", "vault"),
        may("secretsmanager:DeleteResourcePolicy", secret),
        may("secretsmanager:DeleteResourcePolicy", secret.replace("vault", "other")),
        may("secretsmanager:PutResourcePolicy", "*"));
  }
}
