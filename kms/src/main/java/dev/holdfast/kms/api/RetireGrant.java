// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.RetireGrantRequest;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives a grant back: by whom the grant itself says may, or by the accounts that made it or own the
 * key. The key's policy has no say.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html">Retiring
 *     and revoking grants</a>
 */
public record RetireGrant(Grants grants) implements Operation<RetireGrantRequest, Empty> {
  private static final String ACTION = "kms:RetireGrant";

  @Override
  public OperationModel<RetireGrantRequest, Empty> model() {
    return KmsModel.RETIRE_GRANT;
  }

  @Override
  public Access access(Call call, RetireGrantRequest in) {
    requireOneWay(in);
    Keys keys = grants.keys();
    String token = in.grantToken();
    if (token != null) {
      Grants.Found found = keys.state().read(view -> grants.byToken(view, call, token));
      return keys.retiring(call, found, retirers(call, found));
    }
    return keys.access(
        call,
        Keys.Asked.of(ACTION),
        String.valueOf(in.keyId()),
        Reach.LOOK,
        demand -> {
          Optional<Grants.Found> found = keys.state().read(view -> byId(view, call, in));
          return found
              .map(f -> keys.retiring(call, f, retirers(call, f)).demands().getFirst())
              .orElse(demand);
        });
  }

  private static Optional<Grants.Found> byId(View view, Call call, RetireGrantRequest in) {
    return Keys.find(view, call, String.valueOf(in.keyId()), Reach.LOOK)
        .map(NamedKey::key)
        .flatMap(
            key ->
                Optional.ofNullable(GrantTables.grant(view, key, String.valueOf(in.grantId())))
                    .map(grant -> new Grants.Found(key, grant)));
  }

  /**
   * Whoever may retire a grant, as policies name them; of those it names, only as whom it meant.
   */
  private static List<String> retirers(Call call, Grants.Found found) {
    Grant grant = found.grant();
    var principals = new ArrayList<String>();
    principals.add(Arn.global("iam", found.key().account(), "root").toString());
    principals.add(Arn.global("iam", grant.issuer(), "root").toString());
    List<String> ids = Grants.ids(call.principal());
    Grant.Party retiring = grant.retiring();
    if (retiring != null && ids.contains(retiring.id())) {
      principals.add(retiring.principal());
    }
    if (grant.operations().contains("RetireGrant") && ids.contains(grant.grantee().id())) {
      principals.add(grant.grantee().principal());
    }
    return principals.stream().distinct().toList();
  }

  @Override
  public Empty handle(Call call, RetireGrantRequest in) {
    Cryptography.endDryRun(in.dryRun());
    return grants
        .keys()
        .state()
        .commit(
            call,
            tx -> {
              Grants.Found found =
                  in.grantToken() == null
                      ? byId(tx, call, in)
                          .orElseThrow(() -> Grants.missing(String.valueOf(in.grantId())))
                      : grants.byToken(tx, call, in.grantToken());
              GrantTables.delete(tx, found.key(), found.grant());
              return new Empty();
            });
  }

  private static void requireOneWay(RetireGrantRequest in) {
    boolean byId = in.keyId() != null && in.grantId() != null;
    boolean any = in.keyId() != null || in.grantId() != null;
    if (in.grantToken() == null ? !byId : any) {
      throw Wire.invalid(
          "name the grant either by its GrantToken or by its GrantId and the ARN of its key,"
              + " KeyId");
    }
  }
}
