// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.AddTagsToResourceRequest;
import dev.holdfast.aws.ssm.AddTagsToResourceResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.Map;

/** Sets tags of a parameter. */
public record AddTagsToResource(Parameters parameters)
    implements Operation<AddTagsToResourceRequest, AddTagsToResourceResult> {
  @Override
  public OperationModel<AddTagsToResourceRequest, AddTagsToResourceResult> model() {
    return SsmModel.ADD_TAGS_TO_RESOURCE;
  }

  @Override
  public Access access(Call call, AddTagsToResourceRequest in) {
    return Access.of(
        Parameters.demand(call, "ssm:AddTagsToResource", in.resourceId())
            .requestTags(Wire.tags(in.tags())));
  }

  @Override
  public AddTagsToResourceResult handle(Call call, AddTagsToResourceRequest in) {
    Wire.requireParameter(in.resourceType());
    Map<String, String> tags = Wire.tags(in.tags());
    Wire.requireTags(tags);
    Selector selector = Parameters.selector(call, in.resourceId());
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              StoredParameter now =
                  Parameters.current(tx, call, selector)
                      .orElseThrow(() -> Wire.invalidResource(in.resourceId()));
              Tags.add(tx, now.account(), now.arn(), tags);
              if (Tags.of(tx, now.account(), now.arn()).size() > Tags.MAX) {
                throw Wire.tooManyTags();
              }
              return new AddTagsToResourceResult();
            });
  }
}
