// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.kms.EncryptRequest;
import dev.holdfast.aws.kms.KeyMetadata;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.PutKeyPolicyRequest;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of KMS share: a platform, an administrator, and the usual calls. */
abstract class KmsFixture {
  static final byte[] SECRET = "correct horse battery".getBytes(UTF_8);

  final World world = new World(Profile.STANDARD);
  final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);

  static void refused(String code, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  KeyMetadata key() {
    return key(admin);
  }

  KeyMetadata key(Principal owner) {
    return Objects.requireNonNull(
        world.call(owner, KmsModel.CREATE_KEY, CreateKeyRequest.builder().build()).keyMetadata());
  }

  byte[] encrypt(Principal caller, String key, Map<String, String> context) {
    return Objects.requireNonNull(
        world
            .call(
                caller,
                KmsModel.ENCRYPT,
                EncryptRequest.builder()
                    .keyId(key)
                    .plaintext(SECRET)
                    .encryptionContext(context)
                    .build())
            .ciphertextBlob());
  }

  byte[] decrypt(Principal caller, byte[] blob, Map<String, String> context) {
    return Objects.requireNonNull(
        world
            .call(
                caller,
                KmsModel.DECRYPT,
                DecryptRequest.builder().ciphertextBlob(blob).encryptionContext(context).build())
            .plaintext());
  }

  void putPolicy(String key, String statements) {
    world.call(
        admin,
        KmsModel.PUT_KEY_POLICY,
        PutKeyPolicyRequest.builder().keyId(key).policy(policy(statements)).build());
  }

  static String policy(String statements) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
  }

  static String allow(String principal, String action) {
    return "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
        + principal
        + "\"},\"Action\":\""
        + action
        + "\",\"Resource\":\"*\"}";
  }
}
