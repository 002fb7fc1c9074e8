// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.User;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Call;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A user, group or role whose policies are asked about, by its ARN.
 *
 * @param entity of the caller's own account
 */
public record PolicySource(AccountId account, Entity entity) {

  /**
   * What an ARN names.
   *
   * @throws dev.holdfast.aws.ApiError InvalidInput, NoSuchEntity
   */
  public static PolicySource find(View view, Call call, String text) {
    Arn arn = arn(text);
    if (!arn.account().equals(call.account().digits())) {
      throw invalid(text); // whoever is let past another account's door still finds nothing here
    }
    EntityKind kind = kind(arn, text);
    String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    Entity entity = Directory.entity(view, call.account(), kind, name);
    if (!entity.arn(call.account()).equals(arn)) {
      throw Directory.absent(kind, name); // of another path: nobody was asked about that one
    }
    return new PolicySource(call.account(), entity);
  }

  /**
   * The ARN as an action names it, in whatever account.
   *
   * @throws dev.holdfast.aws.ApiError InvalidInput where it is no user, group or role
   */
  public static Arn arn(String text) {
    Arn arn = IamState.parse(text).orElseThrow(() -> invalid(text));
    kind(arn, text);
    return arn;
  }

  private static EntityKind kind(Arn arn, String text) {
    String resource = arn.resource();
    for (EntityKind kind : EntityKind.values()) {
      if (resource.startsWith(kind.word() + "/")) {
        return kind;
      }
    }
    throw invalid(text);
  }

  private static RuntimeException invalid(String arn) {
    return IamError.INVALID_INPUT.because("ARN %s is not valid.", arn);
  }

  /** Its policies and those of its groups, under the names that AWS's simulator gives them. */
  public List<NamedPolicy> policies(View view) {
    var found = new ArrayList<NamedPolicy>();
    collect(view, entity, found);
    if (entity instanceof User user) {
      for (String group : user.groups()) {
        Directory.find(view, account, EntityKind.GROUP, group)
            .ifPresent(g -> collect(view, g, found));
      }
    }
    return found;
  }

  private void collect(View view, Entity of, List<NamedPolicy> found) {
    of.grants()
        .inline()
        .forEach(
            (name, text) ->
                found.add(
                    new NamedPolicy(
                        of.kind().word() + "_" + of.name() + "_" + name,
                        PolicyDocument.parse(text, Kind.IDENTITY))));
    of.grants().managed().forEach(arn -> managed(view, arn, found));
  }

  private void managed(View view, String arn, List<NamedPolicy> found) {
    Directory.policy(view, account, arn)
        .ifPresent(
            policy ->
                found.add(
                    new NamedPolicy(
                        policy.name(),
                        PolicyDocument.parse(policy.inForce().document(), Kind.IDENTITY))));
  }

  /** Its boundary, as a list of one, or of none; one that cannot be found allows nothing. */
  public List<NamedPolicy> boundary(View view) {
    String arn = entity.grants().boundary();
    if (arn == null) {
      return List.of();
    }
    String text = PolicySets.limiting(view, account, arn);
    return List.of(
        new NamedPolicy(
            arn.substring(arn.lastIndexOf('/') + 1), PolicyDocument.parse(text, Kind.IDENTITY)));
  }

  /** The caller that it would be. */
  public Caller caller() {
    String arn = entity.arn(account).toString();
    return entity.kind() == EntityKind.ROLE
        ? Caller.roleSession(
            account.digits(),
            "arn:aws:sts::%s:assumed-role/%s/simulation".formatted(account.digits(), entity.name()),
            arn,
            entity.id())
        : Caller.user(account.digits(), arn, entity.id());
  }

  /** The condition keys that follow from who it is. */
  public Map<String, String> known(View view) {
    String arn = entity.arn(account).toString();
    var known = new LinkedHashMap<String, String>();
    known.put("aws:PrincipalArn", arn);
    known.put("aws:PrincipalAccount", account.digits());
    known.put("aws:PrincipalIsAWSService", "false");
    if (entity.kind() == EntityKind.USER) {
      known.put("aws:PrincipalType", "User");
      known.put("aws:username", entity.name());
      known.put("aws:userid", entity.id());
    } else if (entity.kind() == EntityKind.ROLE) {
      known.put("aws:PrincipalType", "AssumedRole");
    }
    Tags.of(view, account, entity.arn(account))
        .forEach((key, value) -> known.put("aws:PrincipalTag/" + key, value));
    return known;
  }
}
