// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.EncryptRequest;
import dev.holdfast.aws.kms.EncryptResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Encrypts up to 4,096 bytes. */
public record Encrypt(Cryptography cryptography)
    implements Operation<EncryptRequest, EncryptResponse> {
  @Override
  public OperationModel<EncryptRequest, EncryptResponse> model() {
    return KmsModel.ENCRYPT;
  }

  @Override
  public Access access(Call call, EncryptRequest in) {
    return cryptography.encryptAccess(call, "kms:Encrypt", in.keyId(), in.encryptionContext());
  }

  @Override
  public EncryptResponse handle(Call call, EncryptRequest in) {
    cryptography.requireServed(call, in.grantTokens(), in.encryptionAlgorithm(), null);
    KmsKey key = cryptography.key(call, "kms:Encrypt", in.keyId(), in.encryptionContext());
    Cryptography.endDryRun(in.dryRun());
    return EncryptResponse.builder()
        .keyId(key.arn().toString())
        .ciphertextBlob(cryptography.seal(key, in.plaintext(), in.encryptionContext()))
        .encryptionAlgorithm(Cryptography.ALGORITHM)
        .build();
  }
}
