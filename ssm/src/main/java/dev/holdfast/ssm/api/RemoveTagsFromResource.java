// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.RemoveTagsFromResourceRequest;
import dev.holdfast.aws.ssm.RemoveTagsFromResourceResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;

/** Removes tags of a parameter. */
public record RemoveTagsFromResource(Parameters parameters)
    implements Operation<RemoveTagsFromResourceRequest, RemoveTagsFromResourceResult> {
  @Override
  public OperationModel<RemoveTagsFromResourceRequest, RemoveTagsFromResourceResult> model() {
    return SsmModel.REMOVE_TAGS_FROM_RESOURCE;
  }

  @Override
  public Access access(Call call, RemoveTagsFromResourceRequest in) {
    return Access.of(
        Parameters.demand(call, "ssm:RemoveTagsFromResource", in.resourceId())
            .tagKeys(in.tagKeys()));
  }

  @Override
  public RemoveTagsFromResourceResult handle(Call call, RemoveTagsFromResourceRequest in) {
    Wire.requireParameter(in.resourceType());
    Selector selector = Parameters.selector(call, in.resourceId());
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              StoredParameter now =
                  Parameters.current(tx, call, selector)
                      .orElseThrow(() -> Wire.invalidResource(in.resourceId()));
              Tags.remove(tx, now.account(), now.arn(), in.tagKeys());
              return new RemoveTagsFromResourceResult();
            });
  }
}
