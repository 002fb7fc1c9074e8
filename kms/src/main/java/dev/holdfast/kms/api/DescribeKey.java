// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.DescribeKeyRequest;
import dev.holdfast.aws.kms.DescribeKeyResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Map;

/** Shows a key's attributes. */
public record DescribeKey(Grants grants)
    implements Operation<DescribeKeyRequest, DescribeKeyResponse> {
  @Override
  public OperationModel<DescribeKeyRequest, DescribeKeyResponse> model() {
    return KmsModel.DESCRIBE_KEY;
  }

  @Override
  public Access access(Call call, DescribeKeyRequest in) {
    return grants
        .keys()
        .access(
            call,
            Keys.Asked.using("kms:DescribeKey", Map.of()),
            in.keyId(),
            Reach.USE,
            demand -> demand);
  }

  @Override
  public DescribeKeyResponse handle(Call call, DescribeKeyRequest in) {
    grants.requireTokens(call, in.grantTokens());
    Keys keys = grants.keys();
    keys.makeManaged(call, in.keyId());
    return keys.state()
        .read(
            view ->
                DescribeKeyResponse.builder()
                    .keyMetadata(Wire.metadata(keys.named(view, call, in.keyId(), Reach.USE).key()))
                    .build());
  }
}
