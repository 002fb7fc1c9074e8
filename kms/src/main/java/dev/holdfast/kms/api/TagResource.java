// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.TagResourceRequest;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.Map;

/** Sets tags of a key. */
public record TagResource(Keys keys) implements Operation<TagResourceRequest, Empty> {
  @Override
  public OperationModel<TagResourceRequest, Empty> model() {
    return KmsModel.TAG_RESOURCE;
  }

  @Override
  public Access access(Call call, TagResourceRequest in) {
    return keys.access(
        call,
        "kms:TagResource",
        in.keyId(),
        Reach.MANAGE,
        demand -> demand.requestTags(Wire.tags(in.tags())));
  }

  @Override
  public Empty handle(Call call, TagResourceRequest in) {
    Map<String, String> tags = Wire.tags(in.tags());
    Wire.requireTags(tags);
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              Tags.add(tx, key.account(), key.arn(), tags);
              if (Tags.of(tx, key.account(), key.arn()).size() > Tags.MAX) {
                throw KmsError.LIMIT_EXCEEDED.because("a key has at most %d tags", Tags.MAX);
              }
              return new Empty();
            });
  }
}
