// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.logs.UntagResourceRequest;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** Removes tags of a log group. */
public record UntagResource(Needs needs) implements Operation<UntagResourceRequest, Empty> {
  @Override
  public OperationModel<UntagResourceRequest, Empty> model() {
    return LogsModel.UNTAG_RESOURCE;
  }

  @Override
  public Access access(Call call, UntagResourceRequest in) {
    return Access.of(
        Demand.on("logs:UntagResource", Groups.ofArn(in.resourceArn()).arn())
            .tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagResourceRequest in) {
    return needs
        .state()
        .commit(
            call,
            tx -> {
              LogGroup group = Groups.group(tx, call, Groups.ofArn(in.resourceArn()));
              Tags.remove(tx, group.account(), group.arn(), in.tagKeys());
              return new Empty();
            });
  }
}
