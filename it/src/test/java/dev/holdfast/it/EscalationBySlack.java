// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.EscalationPaths.ADMIN;
import static dev.holdfast.it.EscalationPaths.may;
import static dev.holdfast.it.EscalationPaths.object;

import dev.holdfast.it.EscalationPaths.Path;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The ways that give nothing and take away what holds somebody back: a Deny, a boundary, a second
 * factor, a tag that a Deny asks for.
 */
final class EscalationBySlack {
  private static final String DENY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ecr:PutImage","Resource":"*"}]}""";

  private final Harbor harbor;
  private final String account;
  private final List<Path> paths = new ArrayList<>();

  EscalationBySlack(Harbor harbor) {
    this.harbor = harbor;
    this.account = harbor.account().digits();
  }

  private String iam(String resource) {
    return "arn:aws:iam::" + account + ":" + resource;
  }

  private void add(String name, String operation, String in, String key, String... near) {
    paths.add(Path.of(name, operation, in, key, near));
  }

  /** All of them; what they take away is there from now on. */
  List<Path> all(Harbor.User victim) {
    for (String policy : List.of("leash", "fence")) {
      harbor.admin("iam:CreatePolicy", object("PolicyName", policy, "PolicyDocument", DENY));
    }
    harbor.admin(
        "iam:CreatePolicyVersion",
        object("PolicyArn", iam("policy/fence"), "PolicyDocument", DENY));
    harbor.admin("iam:CreateGroup", object("GroupName", "held"));
    harbor.admin("iam:AddUserToGroup", object("GroupName", "held", "UserName", "low"));
    held("User", "low");
    held("Group", "held");
    held("Role", "strong");
    policies();
    boundaries();
    factors();
    tags();
    keys(victim);
    return paths;
  }

  /** A Deny of each kind: written into whoever is held, and attached. */
  private void held(String kind, String name) {
    String target = iam(kind.toLowerCase(Locale.ROOT) + "/" + name);
    String elsewhere = iam(kind.toLowerCase(Locale.ROOT) + "/other");
    String leash = iam("policy/leash");
    String who = kind + "Name";
    harbor.admin(
        "iam:Put" + kind + "Policy",
        object(who, name, "PolicyName", "leash", "PolicyDocument", DENY));
    harbor.admin("iam:Attach" + kind + "Policy", object(who, name, "PolicyArn", leash));
    add(
        "a " + kind + " without the Deny that is written into it",
        "iam:Delete" + kind + "Policy",
        object(who, name, "PolicyName", "leash"),
        may("iam:Delete" + kind + "Policy", target),
        may("iam:Delete" + kind + "Policy", elsewhere),
        may("iam:Detach" + kind + "Policy", "*"),
        may("iam:Put" + kind + "Policy", "*"));
    add(
        "a " + kind + " without the Deny that is attached",
        "iam:Detach" + kind + "Policy",
        object(who, name, "PolicyArn", leash),
        may("iam:Detach" + kind + "Policy", target, "iam:PolicyARN", leash),
        may("iam:Detach" + kind + "Policy", target, "iam:PolicyARN", ADMIN),
        may("iam:Detach" + kind + "Policy", elsewhere),
        may("iam:Attach" + kind + "Policy", "*"));
  }

  private void policies() {
    String fence = iam("policy/fence");
    add(
        "a policy without its version that denies",
        "iam:DeletePolicyVersion",
        object("PolicyArn", fence, "VersionId", "v2"),
        may("iam:DeletePolicyVersion", fence),
        may("iam:DeletePolicyVersion", iam("policy/leash")),
        may("iam:SetDefaultPolicyVersion", "*"));
    add(
        "no policy that denies",
        "iam:DeletePolicy",
        object("PolicyArn", fence),
        may("iam:DeletePolicy", fence),
        may("iam:DeletePolicy", iam("policy/leash")),
        may("iam:DeletePolicyVersion", "*"));
    add(
        "a user outside the group that denies",
        "iam:RemoveUserFromGroup",
        object("GroupName", "held", "UserName", "low"),
        may("iam:RemoveUserFromGroup", iam("group/held")),
        may("iam:RemoveUserFromGroup", iam("user/low")),
        may("iam:RemoveUserFromGroup", iam("group/other")));
  }

  private void boundaries() {
    String weak = iam("role/weak");
    String limit = iam("policy/limit");
    add(
        "a wider boundary of a role",
        "iam:PutRolePermissionsBoundary",
        object("RoleName", "weak", "PermissionsBoundary", ADMIN),
        may("iam:PutRolePermissionsBoundary", weak, "iam:PermissionsBoundary", ADMIN),
        may("iam:PutRolePermissionsBoundary", weak, "iam:PermissionsBoundary", limit),
        may("iam:PutRolePermissionsBoundary", iam("role/strong")),
        may("iam:DeleteRolePermissionsBoundary", "*"));
    add(
        "a role that is trusted by whoever makes it",
        "iam:CreateRole",
        object("RoleName", "own", "AssumeRolePolicyDocument", EscalationPaths.trust(account)),
        may("iam:CreateRole", iam("role/own")),
        may("iam:CreateRole", iam("role/own"), "iam:PermissionsBoundary", limit),
        may("iam:CreateRole", iam("role/other")),
        may("iam:UpdateAssumeRolePolicy", "*"));
  }

  private void factors() {
    JsonObject phone = device("phone");
    String serial = Harbor.text(phone, "SerialNumber");
    long _ = Phone.of(phone).enable(harbor, "victim", serial);
    String mine = Harbor.text(device("mine"), "SerialNumber");
    String spare = Harbor.text(device("spare"), "SerialNumber");
    String victim = iam("user/victim");
    String own = iam("user/${aws:username}");
    String codes =
        "{\"UserName\":\"victim\",\"SerialNumber\":\"%s\",\"AuthenticationCode1\":\"000000\","
            + "\"AuthenticationCode2\":\"000000\"}";
    String wrong = "InvalidAuthenticationCode";
    paths.add(
        Path.of(
                "another's second factor, set to another time",
                "iam:ResyncMFADevice",
                codes.formatted(serial),
                may("iam:ResyncMFADevice", victim),
                may("iam:ResyncMFADevice", own),
                may("iam:ResyncMFADevice", serial),
                may("iam:EnableMFADevice", "*"))
            .ending(wrong));
    paths.add(
        Path.of(
                "one's own phone as another's second factor",
                "iam:EnableMFADevice",
                codes.formatted(mine),
                may("iam:EnableMFADevice", victim),
                may("iam:EnableMFADevice", own),
                may("iam:EnableMFADevice", mine),
                may("iam:CreateVirtualMFADevice", "*"))
            .ending(wrong));
    add(
        "another without a second factor",
        "iam:DeactivateMFADevice",
        object("UserName", "victim", "SerialNumber", serial),
        may("iam:DeactivateMFADevice", victim),
        may("iam:DeactivateMFADevice", own),
        may("iam:DeactivateMFADevice", serial),
        may("iam:DeleteVirtualMFADevice", "*"));
    add(
        "no device to show a second factor by",
        "iam:DeleteVirtualMFADevice",
        object("SerialNumber", spare),
        may("iam:DeleteVirtualMFADevice", spare),
        may("iam:DeleteVirtualMFADevice", iam("mfa/${aws:username}")),
        may("iam:DeactivateMFADevice", "*"));
  }

  private JsonObject device(String name) {
    return harbor
        .admin("iam:CreateVirtualMFADevice", object("VirtualMFADeviceName", name))
        .object("VirtualMFADevice");
  }

  /** A tag that a Deny asks for is as good as the Deny. */
  private void tags() {
    for (String kind : List.of("User", "Role")) {
      String name = kind.equals("User") ? "low" : "strong";
      String target = iam(kind.toLowerCase(Locale.ROOT) + "/" + name);
      add(
          "a " + kind + " without the tag that a Deny asks for",
          "iam:Untag" + kind,
          "{\"%sName\":\"%s\",\"TagKeys\":[\"team\"]}".formatted(kind, name),
          may("iam:Untag" + kind, target),
          may("iam:Untag" + kind, target, "aws:TagKeys", "colour"),
          may("iam:Untag" + kind, iam(kind.toLowerCase(Locale.ROOT) + "/other")),
          may("iam:Tag" + kind, "*"));
    }
  }

  private void keys(Harbor.User victim) {
    add(
        "another's access key that was switched off",
        "iam:UpdateAccessKey",
        object(
            "UserName", "victim",
            "AccessKeyId", victim.credentials().accessKeyId(),
            "Status", "Active"),
        may("iam:UpdateAccessKey", iam("user/victim")),
        may("iam:UpdateAccessKey", iam("user/${aws:username}")),
        may("iam:CreateAccessKey", "*"));
  }
}
