// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.secretsmanager.UntagResourceRequest;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Removes tags of a secret. */
public record UntagResource(Vault vault) implements Operation<UntagResourceRequest, Empty> {
  @Override
  public OperationModel<UntagResourceRequest, Empty> model() {
    return SecretsManagerModel.UNTAG_RESOURCE;
  }

  @Override
  public Access access(Call call, UntagResourceRequest in) {
    return Access.of(
        vault.demand(call, "secretsmanager:UntagResource", in.secretId()).tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagResourceRequest in) {
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret secret = Vault.staying(tx, call, in.secretId());
              Tags.remove(tx, secret.account(), secret.arn(), in.tagKeys());
              return new Empty();
            });
  }
}
