// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.GenerateDataKeyRequest;
import dev.holdfast.aws.kms.GenerateDataKeyResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Makes a data key, bare and encrypted. */
public record GenerateDataKey(Cryptography cryptography)
    implements Operation<GenerateDataKeyRequest, GenerateDataKeyResponse> {
  @Override
  public OperationModel<GenerateDataKeyRequest, GenerateDataKeyResponse> model() {
    return KmsModel.GENERATE_DATA_KEY;
  }

  @Override
  public Access access(Call call, GenerateDataKeyRequest in) {
    return cryptography.encryptAccess(
        call, "kms:GenerateDataKey", in.keyId(), in.encryptionContext());
  }

  @Override
  public GenerateDataKeyResponse handle(Call call, GenerateDataKeyRequest in) {
    cryptography.requireServed(call, in.grantTokens(), null, in.recipient());
    int length = Wire.dataKeyLength(in.keySpec(), in.numberOfBytes());
    KmsKey key = cryptography.key(call, "kms:GenerateDataKey", in.keyId(), in.encryptionContext());
    Cryptography.endDryRun(in.dryRun());
    byte[] plain = cryptography.dataKey(length);
    return GenerateDataKeyResponse.builder()
        .keyId(key.arn().toString())
        .plaintext(plain)
        .ciphertextBlob(cryptography.seal(key, plain, in.encryptionContext()))
        .build();
  }
}
