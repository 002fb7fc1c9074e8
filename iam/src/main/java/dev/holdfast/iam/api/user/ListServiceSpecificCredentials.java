// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListServiceSpecificCredentialsRequest;
import dev.holdfast.aws.iam.ListServiceSpecificCredentialsResponse;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/**
 * ListServiceSpecificCredentials: nobody has any here, as the services that take them are not
 * served.
 */
public record ListServiceSpecificCredentials(IamState iam)
    implements Operation<
        ListServiceSpecificCredentialsRequest, ListServiceSpecificCredentialsResponse> {
  @Override
  public OperationModel<
          ListServiceSpecificCredentialsRequest, ListServiceSpecificCredentialsResponse>
      model() {
    return IamModel.LIST_SERVICE_SPECIFIC_CREDENTIALS;
  }

  @Override
  public Access access(Call call, ListServiceSpecificCredentialsRequest in) {
    return Access.of(
        iam.on(
            call,
            "ListServiceSpecificCredentials",
            EntityKind.USER,
            IamState.userName(call, in.userName())));
  }

  @Override
  public ListServiceSpecificCredentialsResponse handle(
      Call call, ListServiceSpecificCredentialsRequest in) {
    String name = IamState.userName(call, in.userName());
    iam.state().read(view -> Directory.user(view, call.account(), name));
    return ListServiceSpecificCredentialsResponse.builder()
        .serviceSpecificCredentials(List.of())
        .isTruncated(false)
        .build();
  }
}
