// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.secretsmanager.TagResourceRequest;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Map;

/** Sets tags of a secret. */
public record TagResource(Vault vault) implements Operation<TagResourceRequest, Empty> {
  @Override
  public OperationModel<TagResourceRequest, Empty> model() {
    return SecretsManagerModel.TAG_RESOURCE;
  }

  @Override
  public Access access(Call call, TagResourceRequest in) {
    return Access.of(
        vault
            .demand(call, "secretsmanager:TagResource", in.secretId())
            .requestTags(Wire.tags(in.tags())));
  }

  @Override
  public Empty handle(Call call, TagResourceRequest in) {
    Map<String, String> tags = Wire.tags(in.tags());
    Wire.requireTags(tags);
    return vault
        .state()
        .commit(
            call,
            tx -> {
              Vault.tag(tx, Vault.staying(tx, call, in.secretId()), tags);
              return new Empty();
            });
  }
}
