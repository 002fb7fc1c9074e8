// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListSigningCertificatesRequest;
import dev.holdfast.aws.iam.ListSigningCertificatesResponse;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** ListSigningCertificates: nobody has any here: requests are signed with access keys. */
public record ListSigningCertificates(IamState iam)
    implements Operation<ListSigningCertificatesRequest, ListSigningCertificatesResponse> {
  @Override
  public OperationModel<ListSigningCertificatesRequest, ListSigningCertificatesResponse> model() {
    return IamModel.LIST_SIGNING_CERTIFICATES;
  }

  @Override
  public Access access(Call call, ListSigningCertificatesRequest in) {
    return Access.of(
        iam.on(
            call,
            "ListSigningCertificates",
            EntityKind.USER,
            IamState.userName(call, in.userName())));
  }

  @Override
  public ListSigningCertificatesResponse handle(Call call, ListSigningCertificatesRequest in) {
    String name = IamState.userName(call, in.userName());
    iam.state().read(view -> Directory.user(view, call.account(), name));
    return ListSigningCertificatesResponse.builder()
        .certificates(List.of())
        .isTruncated(false)
        .build();
  }
}
