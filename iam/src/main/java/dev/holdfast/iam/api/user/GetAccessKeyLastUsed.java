// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.AccessKeyLastUsed;
import dev.holdfast.aws.iam.GetAccessKeyLastUsedRequest;
import dev.holdfast.aws.iam.GetAccessKeyLastUsedResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.LastUse;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Table;
import org.jspecify.annotations.Nullable;

/** GetAccessKeyLastUsed. */
public record GetAccessKeyLastUsed(IamState iam)
    implements Operation<GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse> {
  @Override
  public OperationModel<GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse> model() {
    return IamModel.GET_ACCESS_KEY_LAST_USED;
  }

  @Override
  public Access access(Call call, GetAccessKeyLastUsedRequest in) {
    return access(call, key(call, in));
  }

  @Override
  public GetAccessKeyLastUsedResponse handle(Call call, GetAccessKeyLastUsedRequest in) {
    AccessKey key = key(call, in);
    if (key == null) {
      throw new ApiError(
          CommonError.ACCESS_DENIED.in(Protocol.QUERY),
          "User: %s is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key %s"
              .formatted(call.principal().caller().arn(), in.accessKeyId()));
    }
    LastUse use = iam.state().read(view -> view.get(IamTables.LAST_USES, Table.PLATFORM, key.id()));
    return GetAccessKeyLastUsedResponse.builder()
        .userName(key.userName())
        .accessKeyLastUsed(
            AccessKeyLastUsed.builder()
                .lastUsedDate(use == null ? null : use.at())
                .serviceName(use == null ? "N/A" : use.service())
                .region(use == null ? "N/A" : use.region())
                .build())
        .build();
  }

  private Access access(Call call, @Nullable AccessKey key) {
    return key == null
        ? Access.of("iam:GetAccessKeyLastUsed")
        : Access.of(iam.on(call, "GetAccessKeyLastUsed", EntityKind.USER, key.userName()));
  }

  /** A key of the caller's account; another account's looks like none. */
  private @Nullable AccessKey key(Call call, GetAccessKeyLastUsedRequest in) {
    AccessKey key =
        iam.state().read(view -> view.get(IamTables.ACCESS_KEYS, Table.PLATFORM, in.accessKeyId()));
    return key == null || !key.account().equals(call.account()) ? null : key;
  }
}
