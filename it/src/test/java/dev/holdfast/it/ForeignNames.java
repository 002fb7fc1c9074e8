// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests that name what the home account has, and the same with a name that nothing has.
 *
 * @param key the id of a key that {@code alias/there} names
 * @param blob what that key encrypted
 */
record ForeignNames(Harbor harbor, String key, String blob) {

  /** A name that is there and one that is not; what they are called is not compared. */
  record Pair(String operation, String there, String missing, List<String> names) {
    @Override
    public String toString() {
      return operation + " " + there;
    }
  }

  static String registration(String family, String image, String more) {
    return """
    {"family":"%s","containerDefinitions":[{"name":"web","image":"%s","memory":64,"essential":true}]%s}"""
        .formatted(family, image, more);
  }

  static String trusting(String role, String principal) {
    return Json.text(
        JsonObject.EMPTY
            .with("RoleName", role)
            .with(
                "AssumeRolePolicyDocument",
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}]}"""
                    .formatted(principal)));
  }

  private static Pair pair(String operation, String pattern, String there, String missing) {
    return new Pair(
        operation, pattern.formatted(there), pattern.formatted(missing), List.of(there, missing));
  }

  String arn(String service, String resource) {
    return "arn:aws:%s:us-east-1:%s:%s".formatted(service, harbor.account(), resource);
  }

  private String role(String name) {
    return "arn:aws:iam::" + harbor.account() + ":role/" + name;
  }

  private String repository(String more) {
    return "{\"registryId\":\"%s\",\"repositoryName\":\"%%s\"".formatted(harbor.account())
        + more
        + "}";
  }

  private static String run(String definition, String more) {
    return "{\"cluster\":\"default\",\"taskDefinition\":\"" + definition + "\"" + more + "}";
  }

  /** Names in members that are no ARN, or are not the call's resource. */
  Stream<Pair> others() {
    String alias = "{\"KeyId\":\"" + arn("kms", "alias/%s") + "\"}";
    String image = harbor.platform().url().getAuthority() + "/" + harbor.account() + "/%s:1";
    return Stream.of(
        pair("kms:DescribeKey", alias, "there", "gone1"),
        pair("kms:Encrypt", alias.replace("}", ",\"Plaintext\":\"c2g=\"}"), "there", "gone1"),
        pair(
            "kms:GenerateDataKey",
            alias.replace("}", ",\"KeySpec\":\"AES_256\"}"),
            "there",
            "gone1"),
        pair(
            "kms:Decrypt",
            alias.replace("}", ",\"CiphertextBlob\":\"" + blob + "\"}"),
            "there",
            "gone1"),
        pair(
            "kms:CreateAlias",
            "{\"AliasName\":\"alias/x\",\"TargetKeyId\":\"" + arn("kms", "key/%s") + "\"}",
            key,
            key.substring(0, 35) + (key.endsWith("0") ? "1" : "0")),
        pair(
            "kms:ListAliases",
            "{\"KeyId\":\"" + arn("kms", "key/%s") + "\"}",
            key,
            key.substring(0, 35) + (key.endsWith("0") ? "1" : "0")),
        pair(
            "ssm:PutParameter",
            "{\"Name\":\"/x\",\"Value\":\"v\",\"Type\":\"SecureString\",\"KeyId\":\""
                + arn("kms", "alias/%s")
                + "\"}",
            "there",
            "gone1"),
        pair("ecr:DescribeImages", repository(""), "shop/kept", "shop/gone"),
        pair("ecr:ListImages", repository(""), "shop/kept", "shop/gone"),
        pair("ecr:DeleteRepository", repository(""), "shop/kept", "shop/gone"),
        pair(
            "ecr:BatchGetImage",
            repository(",\"imageIds\":[{\"imageTag\":\"1\"}]"),
            "shop/kept",
            "shop/gone"),
        pair(
            "ecr:BatchDeleteImage",
            repository(",\"imageIds\":[{\"imageTag\":\"1\"}]"),
            "shop/kept",
            "shop/gone"),
        pair(
            "ecr:PutImageTagMutability",
            repository(",\"imageTagMutability\":\"MUTABLE\""),
            "shop/kept",
            "shop/gone"),
        pair(
            "ecr:DescribeRepositories",
            "{\"registryId\":\"" + harbor.account() + "\",\"repositoryNames\":[\"%s\"]}",
            "shop/kept",
            "shop/gone"),
        pair("ecr:CreateRepository", repository(""), "shop/kept", "shop/gone"),
        pair("ecs:RunTask", run(arn("ecs", "task-definition/%s"), ""), "kept", "gonf"),
        pair("ecs:RunTask", run(arn("ecs", "task-definition/%s:1"), ""), "kept", "gonf"),
        pair(
            "ecs:RunTask",
            run("mine", ",\"overrides\":{\"taskRoleArn\":\"" + role("%s") + "\"}"),
            "shop",
            "gone"),
        pair(
            "ecs:DescribeTaskDefinition",
            "{\"taskDefinition\":\"" + arn("ecs", "task-definition/%s") + "\"}",
            "kept",
            "gonf"),
        pair(
            "ecs:RegisterTaskDefinition",
            registration("x", "mine/web:1", ",\"taskRoleArn\":\"" + role("%s") + "\""),
            "shop",
            "gone"),
        pair(
            "ecs:RegisterTaskDefinition",
            registration("x", "mine/web:1", ",\"executionRoleArn\":\"" + role("%s") + "\""),
            "shop",
            "gone"),
        pair("ecs:RegisterTaskDefinition", registration("y", image, ""), "shop/kept", "shop/gone"),
        pair(
            "ecs:RegisterTaskDefinition",
            registration(
                "z",
                "mine/web:1\",\"secrets\":[{\"name\":\"S\",\"valueFrom\":\""
                    + arn("ssm", "parameter/shop/%s")
                    + "\"}],\"user\":\"7",
                ""),
            "kept",
            "gone"),
        pair(
            "sts:AssumeRole",
            "{\"RoleSessionName\":\"session\",\"RoleArn\":\"" + role("%s") + "\"}",
            "shop",
            "gone"),
        pair(
            "iam:UpdateAssumeRolePolicy",
            trusting("base", "arn:aws:iam::" + harbor.account() + ":user/%s")
                .replace("AssumeRolePolicyDocument", "PolicyDocument"),
            "sailor",
            "nobody"),
        pair(
            "iam:AttachRolePolicy",
            "{\"RoleName\":\"base\",\"PolicyArn\":\"arn:aws:iam::"
                + harbor.account()
                + ":policy/%s\"}",
            "rules",
            "gones"));
  }
}
