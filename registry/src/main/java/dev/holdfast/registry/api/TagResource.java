// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.TagResourceRequest;
import dev.holdfast.aws.ecr.TagResourceResponse;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code TagResource} for repositories. */
public record TagResource(State state)
    implements Operation<TagResourceRequest, TagResourceResponse> {

  @Override
  public OperationModel<TagResourceRequest, TagResourceResponse> model() {
    return EcrModel.TAG_RESOURCE;
  }

  @Override
  public Access access(Call call, TagResourceRequest in) {
    return Access.of(
        Demand.on("ecr:TagResource", EcrFault.target(call, in.resourceArn()).arn())
            .requestTags(Wire.tags(in.tags())));
  }

  @Override
  public TagResourceResponse handle(Call call, TagResourceRequest in) {
    RepositoryId id = EcrFault.target(call, in.resourceArn());
    Map<String, String> tags = Wire.tags(in.tags());
    EcrFault.checkTags(tags);
    return state.commit(
        call,
        tx -> {
          EcrFault.require(tx, id);
          var all = new LinkedHashMap<>(Tags.of(tx, id.account(), id.arn()));
          all.putAll(tags);
          if (all.size() > Tags.MAX) {
            throw EcrFault.tooManyTags();
          }
          Tags.add(tx, id.account(), id.arn(), tags);
          return TagResourceResponse.builder().build();
        });
  }
}
