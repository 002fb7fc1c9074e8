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
import dev.holdfast.aws.kms.ListKeysRequest;
import dev.holdfast.aws.kms.RotateKeyOnDemandRequest;
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
    assertThat(blob).hasSizeLessThanOrEqualTo(SECRET.length + 103);
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
    var elsewhere = new HashSet<String>();
    for (int bit = 0; bit < blob.length * 8; bit++) {
      byte[] changed = blob.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      boolean namesAnotherKey = bit / 8 >= 2 && bit / 8 < 18;
      (namesAnotherKey ? elsewhere : texts).add(fault(changed, Map.of()));
    }
    for (int length = 1; length < blob.length; length++) {
      texts.add(fault(java.util.Arrays.copyOf(blob, length), Map.of()));
    }
    texts.add(fault(blob, Map.of("a", "b")));
    assertThat(texts)
        .containsExactly(
            "InvalidCiphertextException the ciphertext is not one that its key made with this"
                + " encryption context");
    assertThat(elsewhere).containsExactly(UNKNOWN);
    assertThat(decrypt(admin, blob, Map.of())).isEqualTo(SECRET);
  }

  private static final String UNKNOWN =
      "AccessDeniedException The ciphertext refers to a customer master key that does not exist,"
          + " does not exist in this region, or you are not allowed to access.";

  /**
   * A ciphertext that somebody makes up names any key. Before, the answer told whether that key is
   * there, in whichever account, and the answer and the caller's own record named the account.
   */
  @Test
  void aMadeUpCiphertextShowsNothingOfAnotherAccountsKeys() {
    KeyMetadata foreign = key();
    byte[] theirs = encrypt(admin, foreign.keyId(), Map.of());
    byte[] nobodys = theirs.clone();
    nobodys[5] ^= 1;
    Principal banker = world.user(World.BANK, "banker", World.ANYTHING);
    world.events.clear();
    for (byte[] blob : List.of(theirs, nobodys)) {
      assertThat(fault(banker, blob, Map.of())).isEqualTo(UNKNOWN);
    }
    assertThat(world.events)
        .hasSize(2)
        .allSatisfy(
            event ->
                assertThat(event.document() + " " + event.resources())
                    .doesNotContain(World.SHOP.digits())
                    .doesNotContain(String.valueOf(foreign.keyId())));
    String own = key(banker).keyId();
    for (byte[] blob : List.of(theirs, nobodys)) {
      refused(
          "IncorrectKeyException",
          () ->
              world.call(
                  banker,
                  KmsModel.DECRYPT,
                  DecryptRequest.builder().ciphertextBlob(blob).keyId(own).build()));
    }
    putPolicy(
        foreign.keyId(),
        allow("arn:aws:iam::111122223333:root", "kms:*")
            + ","
            + allow("arn:aws:iam::444455556666:root", "kms:Decrypt"));
    assertThat(decrypt(banker, theirs, Map.of())).isEqualTo(SECRET);
  }

  private String fault(byte[] blob, Map<String, String> context) {
    return fault(admin, blob, context);
  }

  private String fault(Principal caller, byte[] blob, Map<String, String> context) {
    try {
      decrypt(caller, blob, context);
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
  void makesNoManagedKeyForWhoMayNotUseIt() {
    Principal newcomer = world.user(World.SHOP, "newcomer", "");
    for (String alias : List.of("alias/aws/ssm", "alias/aws/secretsmanager")) {
      var describe = DescribeKeyRequest.builder().keyId(alias).build();
      refused("AccessDeniedException", () -> world.call(newcomer, KmsModel.DESCRIBE_KEY, describe));
      refused("AccessDeniedException", () -> encrypt(newcomer, alias, Map.of()));
    }
    assertThat(keys()).isEmpty();

    var asked = DescribeKeyRequest.builder().keyId("alias/aws/ssm").build();
    String made =
        Objects.requireNonNull(world.call(admin, KmsModel.DESCRIBE_KEY, asked).keyMetadata())
            .keyId();
    assertThat(keys()).containsExactly(made);
    assertThat(made).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}");
  }

  private List<String> keys() {
    return Objects.requireNonNull(
            world.call(admin, KmsModel.LIST_KEYS, ListKeysRequest.builder().build()).keys())
        .stream()
        .map(entry -> String.valueOf(entry.keyId()))
        .toList();
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

  @Test
  void decryptsAcrossRotationsAndEncryptsWithTheNewestMaterial() {
    String id = key().keyId();
    byte[] first = encrypt(admin, id, Map.of());
    rotate(id);
    rotate(id);
    byte[] third = encrypt(admin, id, Map.of());
    assertThat(first[21]).isEqualTo((byte) 1);
    assertThat(third[21]).isEqualTo((byte) 3);
    assertThat(decrypt(admin, first, Map.of())).isEqualTo(SECRET);
    assertThat(decrypt(admin, third, Map.of())).isEqualTo(SECRET);
    byte[] other = first.clone();
    other[21] = 2;
    refused("InvalidCiphertextException", () -> decrypt(admin, other, Map.of()));
    other[21] = 4;
    refused("InvalidCiphertextException", () -> decrypt(admin, other, Map.of()));
  }

  @Test
  void rotatesNoKeyThatIsDisabledManagedOrWasRotatedTooOften() {
    String id = key().keyId();
    for (int i = 0; i < 25; i++) {
      rotate(id);
    }
    refused("LimitExceededException", () -> rotate(id));
    world.call(admin, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(id).build());
    refused("DisabledException", () -> rotate(id));
    Call via = world.call(admin, "PutParameter").via("ssm.amazonaws.com");
    world.kms.encrypt(via, Kms.SSM_ALIAS, SECRET, Map.of());
    String managed =
        Objects.requireNonNull(
                world
                    .call(
                        admin,
                        KmsModel.DESCRIBE_KEY,
                        DescribeKeyRequest.builder().keyId(Kms.SSM_ALIAS).build())
                    .keyMetadata())
            .keyId();
    refused("AccessDeniedException", () -> rotate(String.valueOf(managed)));
  }

  private void rotate(String id) {
    world.call(
        admin, KmsModel.ROTATE_KEY_ON_DEMAND, RotateKeyOnDemandRequest.builder().keyId(id).build());
  }
}
