// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.kms.DecryptResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Decrypts what {@code Encrypt} or {@code GenerateDataKey} made. */
public record Decrypt(Cryptography cryptography)
    implements Operation<DecryptRequest, DecryptResponse> {
  @Override
  public OperationModel<DecryptRequest, DecryptResponse> model() {
    return KmsModel.DECRYPT;
  }

  @Override
  public Access access(Call call, DecryptRequest in) {
    return cryptography.decryptAccess(call, blob(in), in.keyId(), in.encryptionContext());
  }

  @Override
  public DecryptResponse handle(Call call, DecryptRequest in) {
    cryptography.requireServed(call, in.grantTokens(), in.encryptionAlgorithm(), in.recipient());
    if (!in.dryRunModifiers().isEmpty()) {
      throw Wire.invalid("modifiers of dry runs are not served yet: `DryRunModifiers`");
    }
    Cryptography.Opened opened =
        cryptography.open(call, blob(in), in.keyId(), in.encryptionContext());
    Cryptography.endDryRun(in.dryRun());
    return DecryptResponse.builder()
        .keyId(opened.key().arn().toString())
        .plaintext(opened.plain())
        .encryptionAlgorithm(Cryptography.ALGORITHM)
        .build();
  }

  private static byte[] blob(DecryptRequest in) {
    byte[] blob = in.ciphertextBlob();
    if (blob == null) {
      throw Wire.invalid(
          "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy"
              + " constraint: Member must not be null");
    }
    return blob;
  }
}
