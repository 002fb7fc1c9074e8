// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.UntagResourceRequest;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Removes tags of a key. */
public record UntagResource(Keys keys) implements Operation<UntagResourceRequest, Empty> {
  @Override
  public OperationModel<UntagResourceRequest, Empty> model() {
    return KmsModel.UNTAG_RESOURCE;
  }

  @Override
  public Access access(Call call, UntagResourceRequest in) {
    return keys.access(
        call,
        "kms:UntagResource",
        in.keyId(),
        Reach.MANAGE,
        demand -> demand.tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagResourceRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              Tags.remove(tx, key.account(), key.arn(), in.tagKeys());
              return new Empty();
            });
  }
}
