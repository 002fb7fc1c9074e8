// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.GenerateDataKeyWithoutPlaintextRequest;
import dev.holdfast.aws.kms.GenerateDataKeyWithoutPlaintextResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Arrays;

/** Makes a data key, encrypted only. */
public record GenerateDataKeyWithoutPlaintext(Cryptography cryptography)
    implements Operation<
        GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse> {
  @Override
  public OperationModel<
          GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse>
      model() {
    return KmsModel.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT;
  }

  @Override
  public Access access(Call call, GenerateDataKeyWithoutPlaintextRequest in) {
    return cryptography.encryptAccess(
        call, "kms:GenerateDataKeyWithoutPlaintext", in.keyId(), in.encryptionContext());
  }

  @Override
  public GenerateDataKeyWithoutPlaintextResponse handle(
      Call call, GenerateDataKeyWithoutPlaintextRequest in) {
    cryptography.requireServed(call, in.grantTokens(), null, null);
    int length = Wire.dataKeyLength(in.keySpec(), in.numberOfBytes());
    KmsKey key =
        cryptography.key(
            call, "kms:GenerateDataKeyWithoutPlaintext", in.keyId(), in.encryptionContext());
    Cryptography.endDryRun(in.dryRun());
    byte[] plain = cryptography.dataKey(length);
    byte[] blob = cryptography.seal(key, plain, in.encryptionContext());
    Arrays.fill(plain, (byte) 0);
    return GenerateDataKeyWithoutPlaintextResponse.builder()
        .keyId(key.arn().toString())
        .ciphertextBlob(blob)
        .build();
  }
}
