// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.RevokeGrantRequest;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Takes a grant away: by whoever looks after the key. */
public record RevokeGrant(Grants grants) implements Operation<RevokeGrantRequest, Empty> {
  @Override
  public OperationModel<RevokeGrantRequest, Empty> model() {
    return KmsModel.REVOKE_GRANT;
  }

  @Override
  public Access access(Call call, RevokeGrantRequest in) {
    return grants
        .keys()
        .access(
            call,
            "kms:RevokeGrant",
            in.keyId(),
            Reach.LOOK,
            demand ->
                demand.key("kms:GrantIsForAWSResource", Boolean.toString(!call.via().isEmpty())));
  }

  @Override
  public Empty handle(Call call, RevokeGrantRequest in) {
    Cryptography.endDryRun(in.dryRun());
    return grants
        .keys()
        .state()
        .commit(
            call,
            tx -> {
              KmsKey key = grants.keys().named(tx, call, in.keyId(), Reach.LOOK).key();
              Grant grant = GrantTables.grant(tx, key, in.grantId());
              if (grant == null) {
                throw Grants.missing(in.grantId());
              }
              GrantTables.delete(tx, key, grant);
              return new Empty();
            });
  }
}
