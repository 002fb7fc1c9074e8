// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.kms.DescribeKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.GenerateDataKeyRequest;
import dev.holdfast.aws.kms.GetKeyPolicyRequest;
import dev.holdfast.aws.kms.KeyMetadata;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ScheduleKeyDeletionRequest;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Encryption itself, and who may use it. */
class KeyUseTest extends KmsFixture {
  @Test
  void decryptsWhatItEncrypted() {
    Map<String, String> context = Map.of("app", "shop", "stage", "prod");
    byte[] blob = encrypt(admin, key().keyId(), context);
    assertThat(decrypt(admin, blob, context)).isEqualTo(SECRET);
    assertThat(blob).hasSizeLessThanOrEqualTo(SECRET.length + 67);
  }

  @Test
  void encryptsTheSameTextDifferentlyEachTime() {
    String id = key().keyId();
    assertThat(encrypt(admin, id, Map.of())).isNotEqualTo(encrypt(admin, id, Map.of()));
  }

  @Test
  void refusesEveryFlippedBitAndEveryTruncationAlike() {
    byte[] blob = encrypt(admin, key().keyId(), Map.of());
    var texts = new HashSet<String>();
    for (int bit = 0; bit < blob.length * 8; bit++) {
      byte[] changed = blob.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      texts.add(fault(changed, Map.of()));
    }
    for (int length = 1; length < blob.length; length++) {
      texts.add(fault(java.util.Arrays.copyOf(blob, length), Map.of()));
    }
    texts.add(fault(blob, Map.of("a", "b")));
    assertThat(texts).hasSize(1);
  }

  private String fault(byte[] blob, Map<String, String> context) {
    try {
      decrypt(admin, blob, context);
      return "none";
    } catch (ApiError e) {
      return e.code() + " " + e.text();
    }
  }

  @Test
  void refusesAnotherContext() {
    byte[] blob = encrypt(admin, key().keyId(), Map.of("ab", "c"));
    for (Map<String, String> other :
        List.<Map<String, String>>of(
            Map.of(), Map.of("a", "bc"), Map.of("ab", "d"), Map.of("ab", "c", "x", "y"))) {
      refused("InvalidCiphertextException", () -> decrypt(admin, blob, other));
    }
  }

  @Test
  void refusesAKeyThatDidNotMakeTheCiphertext() {
    byte[] blob = encrypt(admin, key().keyId(), Map.of());
    String other = key().keyId();
    refused(
        "IncorrectKeyException",
        () ->
            world.call(
                admin,
                KmsModel.DECRYPT,
                DecryptRequest.builder().ciphertextBlob(blob).keyId(other).build()));
  }

  @Test
  void letsTheKeyPolicyDecide() {
    String id = key().keyId();
    byte[] blob = encrypt(admin, id, Map.of());
    Principal reader = world.user(World.SHOP, "reader", "");
    refused("AccessDeniedException", () -> decrypt(reader, blob, Map.of()));
    putPolicy(
        id,
        allow("arn:aws:iam::111122223333:user/admin", "kms:PutKeyPolicy")
            + ","
            + allow("arn:aws:iam::111122223333:user/reader", "kms:Decrypt"));
    assertThat(decrypt(reader, blob, Map.of())).isEqualTo(SECRET);
    refused("AccessDeniedException", () -> decrypt(admin, blob, Map.of()));
  }

  @Test
  void letsAnotherAccountUseAKeyThatIsSharedWithIt() {
    String arn = Objects.requireNonNull(key().arn());
    Principal banker = world.user(World.BANK, "banker", World.ANYTHING);
    refused("AccessDeniedException", () -> encrypt(banker, arn, Map.of()));
    putPolicy(
        arn,
        allow("arn:aws:iam::111122223333:root", "kms:*")
            + ","
            + allow("arn:aws:iam::444455556666:root", "kms:*"));
    byte[] blob = encrypt(banker, arn, Map.of());
    assertThat(decrypt(banker, blob, Map.of())).isEqualTo(SECRET);
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                banker, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(arn).build()));
  }

  @Test
  void generatesADataKeyThatDecryptsToItself() {
    var made =
        world.call(
            admin,
            KmsModel.GENERATE_DATA_KEY,
            GenerateDataKeyRequest.builder().keyId(key().keyId()).keySpec("AES_256").build());
    byte[] plain = Objects.requireNonNull(made.plaintext());
    assertThat(plain).hasSize(32);
    assertThat(decrypt(admin, Objects.requireNonNull(made.ciphertextBlob()), Map.of()))
        .isEqualTo(plain);
  }

  @Test
  void opensTheManagedKeyToParameterStoreAlone() {
    Principal user = world.user(World.SHOP, "user", "");
    Call via = world.call(user, "PutParameter").via("ssm.amazonaws.com");
    byte[] blob = world.kms.encrypt(via, Kms.SSM_ALIAS, SECRET, Map.of("PARAMETER_ARN", "x"));
    assertThat(world.kms.decrypt(via, blob, Map.of("PARAMETER_ARN", "x"))).isEqualTo(SECRET);
    refused("AccessDeniedException", () -> decrypt(admin, blob, Map.of("PARAMETER_ARN", "x")));
    refused("AccessDeniedException", () -> encrypt(admin, Kms.SSM_ALIAS, Map.of()));
    KeyMetadata managed =
        Objects.requireNonNull(
            world
                .call(
                    admin,
                    KmsModel.DESCRIBE_KEY,
                    DescribeKeyRequest.builder().keyId(Kms.SSM_ALIAS).build())
                .keyMetadata());
    assertThat(managed.keyManager()).isEqualTo("AWS");
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                admin,
                KmsModel.SCHEDULE_KEY_DELETION,
                ScheduleKeyDeletionRequest.builder().keyId(managed.keyId()).build()));
    assertThat(
            world
                .call(
                    admin,
                    KmsModel.GET_KEY_POLICY,
                    GetKeyPolicyRequest.builder().keyId(managed.keyId()).build())
                .policy())
        .contains("ssm.eu-central-1.amazonaws.com");
  }

  @Test
  void recordsInProcessUseUnderTheSameRequest() {
    Principal user = world.user(World.SHOP, "user", "");
    Call via = world.call(user, "PutParameter").via("ssm.amazonaws.com");
    byte[] blob = world.kms.encrypt(via, Kms.SSM_ALIAS, SECRET, Map.of());
    world.kms.decrypt(via, blob, Map.of());
    assertThat(world.events)
        .filteredOn(event -> event.source().equals("kms.amazonaws.com"))
        .extracting(event -> event.name())
        .containsExactly("CreateKey", "Encrypt", "Decrypt");
    assertThat(world.events)
        .filteredOn(event -> event.source().equals("kms.amazonaws.com"))
        .allSatisfy(
            event ->
                assertThat(event.document().toString())
                    .contains(via.id().text())
                    .doesNotContain("correct horse"));
  }

  @Test
  void marksDecryptionAsRevealing() {
    byte[] blob = encrypt(admin, key().keyId(), Map.of("k", "v"));
    decrypt(admin, blob, Map.of("k", "v"));
    Demand demand = world.asked().getLast();
    assertThat(demand.reads()).isTrue();
    assertThat(demand.keys())
        .containsEntry("kms:EncryptionContext:k", List.of("v"))
        .containsEntry("kms:EncryptionContextKeys", List.of("k"));
  }
}
