// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.UntagResourceRequest;
import dev.holdfast.aws.ecr.UntagResourceResponse;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;

/** {@code UntagResource} for repositories. */
public record UntagResource(State state)
    implements Operation<UntagResourceRequest, UntagResourceResponse> {

  @Override
  public OperationModel<UntagResourceRequest, UntagResourceResponse> model() {
    return EcrModel.UNTAG_RESOURCE;
  }

  @Override
  public Access access(Call call, UntagResourceRequest in) {
    return Access.of(
        Demand.on("ecr:UntagResource", EcrFault.target(call, in.resourceArn()).arn())
            .tagKeys(in.tagKeys()));
  }

  @Override
  public UntagResourceResponse handle(Call call, UntagResourceRequest in) {
    RepositoryId id = EcrFault.target(call, in.resourceArn());
    return state.commit(
        call,
        tx -> {
          EcrFault.require(tx, id);
          Tags.remove(tx, id.account(), id.arn(), in.tagKeys());
          return UntagResourceResponse.builder().build();
        });
  }
}
