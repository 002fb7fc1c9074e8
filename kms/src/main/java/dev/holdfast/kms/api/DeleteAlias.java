// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.DeleteAliasRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import org.jspecify.annotations.Nullable;

/** Removes a key's second name. */
public record DeleteAlias(Keys keys) implements Operation<DeleteAliasRequest, Empty> {
  @Override
  public OperationModel<DeleteAliasRequest, Empty> model() {
    return KmsModel.DELETE_ALIAS;
  }

  @Override
  public Access access(Call call, DeleteAliasRequest in) {
    Arn name = Alias.arn(call.account(), call.region(), in.aliasName());
    Access access = Access.of(Keys.global(call, Demand.on("kms:DeleteAlias", name)));
    Alias alias = find(call, in.aliasName());
    return alias == null
        ? access
        : access.and(keys.access(call, "kms:DeleteAlias", alias.keyId(), Reach.MANAGE).demands());
  }

  @Override
  public Empty handle(Call call, DeleteAliasRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              Alias alias = Wire.requireAlias(tx, call, in.aliasName());
              KmsTables.delete(tx, call.account(), alias);
              return new Empty();
            });
  }

  private @Nullable Alias find(Call call, String name) {
    return keys.state().read(view -> KmsTables.alias(view, call.account(), call.region(), name));
  }
}
