// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.Kms;
import dev.holdfast.secrets.model.SealedValue;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.secrets.plan.ValueSeal;
import dev.holdfast.service.Call;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into what the store keeps and back, under data keys that KMS makes and opens for the
 * caller.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html">Secret
 *     encryption and decryption</a>
 */
public final class Sealing {
  private static final String SERVICE = "secretsmanager.amazonaws.com";

  /** Errors of KMS that say the key cannot be used; the caller's own rights are not among them. */
  private static final Set<String> KEY_FAULTS =
      Set.of(
          "NotFoundException",
          "DisabledException",
          "KMSInvalidStateException",
          "InvalidCiphertextException");

  private final Kms kms;
  private final RandomGenerator random;

  public Sealing(Kms kms, RandomGenerator random) {
    this.kms = kms;
    this.random = random;
  }

  /**
   * Encrypts a value for the caller.
   *
   * @param keyId as the secret has it, or null for the AWS-managed key of its account
   */
  SealedValue seal(Call call, Arn secret, @Nullable String keyId, String version, Plain plain) {
    AccountId owner = new AccountId(secret.account());
    Region region = new Region(secret.region());
    String key = qualified(owner, region, keyId == null ? Kms.SECRETS_ALIAS : keyId);
    String arn = secret.toString();
    Kms.DataKey data;
    try {
      data = kms.dataKey(call.via(SERVICE), key, context(arn, version));
    } catch (ApiError e) {
      throw fault(
          e,
          SecretsManagerError.ENCRYPTION_FAILURE.because(
              "Secrets Manager can't encrypt the protected secret text using the provided KMS key."
                  + " Check that the KMS key is available, enabled, and not in an invalid state."
                  + " (%s: %s)",
              e.code(), e.text()));
    }
    try {
      return ValueSeal.seal(data.plain(), data.blob(), plain, arn, version, random);
    } finally {
      Arrays.fill(data.plain(), (byte) 0);
    }
  }

  /** Decrypts a value for the caller. */
  Plain open(Call call, Arn secret, String version, SealedValue value) {
    String arn = secret.toString();
    byte[] key;
    try {
      key =
          kms.decrypt(
              call.via(SERVICE),
              Base64.getDecoder().decode(value.dataKey()),
              context(arn, version));
    } catch (ApiError e) {
      throw fault(e, undecryptable(e.code() + ": " + e.text()));
    }
    try {
      return ValueSeal.open(key, value, arn, version)
          .orElseThrow(() -> undecryptable("the value is not the one that was sealed"));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static ApiError undecryptable(String why) {
    return SecretsManagerError.DECRYPTION_FAILURE.because(
        "Secrets Manager can't decrypt the protected secret text using the provided KMS key. (%s)",
        why);
  }

  private static ApiError fault(ApiError e, ApiError ofKey) {
    if (KEY_FAULTS.contains(e.code())) {
      return ofKey;
    }
    return e.shape().equals(CommonError.ACCESS_DENIED.in(Protocol.JSON))
        ? new ApiError(e.shape(), "Access to KMS is not allowed: " + e.text())
        : e;
  }

  private static Map<String, String> context(String arn, String version) {
    return Map.of("SecretARN", arn, "SecretVersionId", version);
  }

  /** A key as the secret's own account means it, whoever asks. */
  static String qualified(AccountId owner, Region region, String keyId) {
    return keyId.startsWith("arn:")
        ? keyId
        : Arn.of("kms", region, owner, keyId.startsWith("alias/") ? keyId : "key/" + keyId)
            .toString();
  }
}
