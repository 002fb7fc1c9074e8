// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.CreateAliasRequest;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** Gives a key a second name. */
public record CreateAlias(Keys keys) implements Operation<CreateAliasRequest, Empty> {
  @Override
  public OperationModel<CreateAliasRequest, Empty> model() {
    return KmsModel.CREATE_ALIAS;
  }

  @Override
  public Access access(Call call, CreateAliasRequest in) {
    Arn alias = Alias.arn(call.account(), call.region(), in.aliasName());
    return keys.access(call, "kms:CreateAlias", in.targetKeyId(), Reach.MANAGE)
        .and(Keys.global(call, Demand.on("kms:CreateAlias", alias)));
  }

  @Override
  public Empty handle(Call call, CreateAliasRequest in) {
    Wire.requireAliasName(in.aliasName());
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.targetKeyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              var alias =
                  new Alias(call.region(), in.aliasName(), key.id(), call.now(), call.now());
              if (KmsTables.alias(tx, call.account(), call.region(), in.aliasName()) != null) {
                throw KmsError.ALREADY_EXISTS.because(
                    "An alias with the name %s already exists", alias.arn(call.account()));
              }
              KmsTables.put(tx, call.account(), alias);
              return new Empty();
            });
  }
}
