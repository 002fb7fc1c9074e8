// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.UpdateAliasRequest;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** Leads a second name to another key. */
public record UpdateAlias(Keys keys) implements Operation<UpdateAliasRequest, Empty> {
  @Override
  public OperationModel<UpdateAliasRequest, Empty> model() {
    return KmsModel.UPDATE_ALIAS;
  }

  @Override
  public Access access(Call call, UpdateAliasRequest in) {
    Arn name = Alias.arn(call.account(), call.region(), in.aliasName());
    Access access =
        keys.access(call, "kms:UpdateAlias", in.targetKeyId(), Reach.MANAGE)
            .and(Keys.global(call, Demand.on("kms:UpdateAlias", name)));
    Alias alias =
        keys.state()
            .read(view -> KmsTables.alias(view, call.account(), call.region(), in.aliasName()));
    return alias == null
        ? access
        : access.and(keys.access(call, "kms:UpdateAlias", alias.keyId(), Reach.MANAGE).demands());
  }

  @Override
  public Empty handle(Call call, UpdateAliasRequest in) {
    Wire.requireAliasName(in.aliasName());
    return keys.state()
        .commit(
            call,
            tx -> {
              Alias alias = Wire.requireAlias(tx, call, in.aliasName());
              KmsKey key = keys.named(tx, call, in.targetKeyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              KmsTables.put(
                  tx,
                  call.account(),
                  new Alias(call.region(), alias.name(), key.id(), alias.created(), call.now()));
              return new Empty();
            });
  }
}
