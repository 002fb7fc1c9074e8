// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.LogsError;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.TagResourceRequest;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Sets tags of a log group. */
public record TagResource(Needs needs) implements Operation<TagResourceRequest, Empty> {
  @Override
  public OperationModel<TagResourceRequest, Empty> model() {
    return LogsModel.TAG_RESOURCE;
  }

  @Override
  public Access access(Call call, TagResourceRequest in) {
    return Access.of(
        Demand.on("logs:TagResource", Groups.ofArn(in.resourceArn()).arn()).requestTags(in.tags()));
  }

  @Override
  public Empty handle(Call call, TagResourceRequest in) {
    Wire.requireTags(in.tags());
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogGroup group = Groups.group(tx, call, Groups.ofArn(in.resourceArn()));
              Tags.add(tx, group.account(), group.arn(), in.tags());
              if (Tags.of(tx, group.account(), group.arn()).size() > Tags.MAX) {
                throw LogsError.TOO_MANY_TAGS.because("a log group has at most %d tags", Tags.MAX);
              }
              return new Empty();
            });
  }
}
