// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.ListTagsForResourceRequest;
import dev.holdfast.aws.ssm.ListTagsForResourceResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.Tag;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.Map;

/** Lists a parameter's tags. */
public record ListTagsForResource(Parameters parameters)
    implements Operation<ListTagsForResourceRequest, ListTagsForResourceResult> {
  @Override
  public OperationModel<ListTagsForResourceRequest, ListTagsForResourceResult> model() {
    return SsmModel.LIST_TAGS_FOR_RESOURCE;
  }

  @Override
  public Access access(Call call, ListTagsForResourceRequest in) {
    return Access.of(Parameters.demand(call, "ssm:ListTagsForResource", in.resourceId()));
  }

  @Override
  public ListTagsForResourceResult handle(Call call, ListTagsForResourceRequest in) {
    Wire.requireParameter(in.resourceType());
    Selector selector = Parameters.selector(call, in.resourceId());
    Map<String, String> tags =
        parameters
            .state()
            .read(
                view -> {
                  StoredParameter now =
                      Parameters.current(view, call, selector)
                          .orElseThrow(() -> Wire.invalidResource(in.resourceId()));
                  return Tags.of(view, now.account(), now.arn());
                });
    return ListTagsForResourceResult.builder()
        .tagList(tags.entrySet().stream().map(t -> new Tag(t.getKey(), t.getValue())).toList())
        .build();
  }
}
