// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sts.GetAccessKeyInfoRequest;
import dev.holdfast.aws.sts.GetAccessKeyInfoResponse;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Table;

/** GetAccessKeyInfo: of long-term keys, and of the session key that asks. */
public record GetAccessKeyInfo(IamState iam)
    implements Operation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse> {
  @Override
  public OperationModel<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse> model() {
    return StsModel.GET_ACCESS_KEY_INFO;
  }

  @Override
  public Access access(Call call, GetAccessKeyInfoRequest in) {
    return Access.of("sts:GetAccessKeyInfo");
  }

  @Override
  public GetAccessKeyInfoResponse handle(Call call, GetAccessKeyInfoRequest in) {
    return GetAccessKeyInfoResponse.builder().account(account(call, in).digits()).build();
  }

  private AccountId account(Call call, GetAccessKeyInfoRequest in) {
    if (in.accessKeyId().equals(call.principal().accessKeyId())) {
      return call.account();
    }
    AccessKey key =
        iam.state().read(view -> view.get(IamTables.ACCESS_KEYS, Table.PLATFORM, in.accessKeyId()));
    if (key == null) {
      throw CommonError.VALIDATION
          .in(Protocol.QUERY)
          .because("the access key `%s` is not known here", in.accessKeyId());
    }
    return key.account();
  }
}
