// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListKeyPoliciesRequest;
import dev.holdfast.aws.kms.ListKeyPoliciesResponse;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** Names a key's policies: there is one, {@code default}. */
public record ListKeyPolicies(Keys keys)
    implements Operation<ListKeyPoliciesRequest, ListKeyPoliciesResponse> {
  @Override
  public OperationModel<ListKeyPoliciesRequest, ListKeyPoliciesResponse> model() {
    return KmsModel.LIST_KEY_POLICIES;
  }

  @Override
  public Access access(Call call, ListKeyPoliciesRequest in) {
    return keys.access(call, "kms:ListKeyPolicies", in.keyId(), Reach.MANAGE);
  }

  @Override
  public ListKeyPoliciesResponse handle(Call call, ListKeyPoliciesRequest in) {
    if (in.marker() != null) {
      throw Wire.invalidMarker();
    }
    keys.state().read(view -> keys.named(view, call, in.keyId(), Reach.MANAGE));
    return ListKeyPoliciesResponse.builder()
        .policyNames(List.of(Wire.DEFAULT_POLICY))
        .truncated(false)
        .build();
  }
}
