// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.AliasListEntry;
import dev.holdfast.aws.kms.CancelKeyDeletionRequest;
import dev.holdfast.aws.kms.CreateAliasRequest;
import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.kms.DescribeKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.EnableKeyRequest;
import dev.holdfast.aws.kms.EncryptRequest;
import dev.holdfast.aws.kms.GenerateDataKeyRequest;
import dev.holdfast.aws.kms.GetKeyPolicyRequest;
import dev.holdfast.aws.kms.KeyMetadata;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListAliasesRequest;
import dev.holdfast.aws.kms.ListKeysRequest;
import dev.holdfast.aws.kms.ListKeysResponse;
import dev.holdfast.aws.kms.PutKeyPolicyRequest;
import dev.holdfast.aws.kms.ScheduleKeyDeletionRequest;
import dev.holdfast.aws.kms.Tag;
import dev.holdfast.aws.kms.TagResourceRequest;
import dev.holdfast.aws.kms.UpdateAliasRequest;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KmsTest {
  private static final byte[] SECRET = "correct horse battery".getBytes(UTF_8);

  private final World world = new World(Profile.STANDARD);
  private final Principal admin = world.user(World.SHOP, "admin", World.ANYTHING);

  private static void refused(String code, ThrowingCallable call) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private KeyMetadata key() {
    return Objects.requireNonNull(
        world.call(admin, KmsModel.CREATE_KEY, CreateKeyRequest.builder().build()).keyMetadata());
  }

  private byte[] encrypt(Principal caller, String key, Map<String, String> context) {
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

  private byte[] decrypt(Principal caller, byte[] blob, Map<String, String> context) {
    return Objects.requireNonNull(
        world
            .call(
                caller,
                KmsModel.DECRYPT,
                DecryptRequest.builder().ciphertextBlob(blob).encryptionContext(context).build())
            .plaintext());
  }

  private void putPolicy(String key, String statements) {
    world.call(
        admin,
        KmsModel.PUT_KEY_POLICY,
        PutKeyPolicyRequest.builder().keyId(key).policy(policy(statements)).build());
  }

  private static String policy(String statements) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}";
  }

  private static String allow(String principal, String action) {
    return "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
        + principal
        + "\"},\"Action\":\""
        + action
        + "\",\"Resource\":\"*\"}";
  }

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
  void findsAKeyByIdArnAliasAndAliasArn() {
    KeyMetadata key = key();
    world.call(
        admin,
        KmsModel.CREATE_ALIAS,
        CreateAliasRequest.builder().aliasName("alias/shop").targetKeyId(key.keyId()).build());
    String aliasArn = "arn:aws:kms:eu-central-1:111122223333:alias/shop";
    for (String name :
        List.of(key.keyId(), Objects.requireNonNull(key.arn()), "alias/shop", aliasArn)) {
      KeyMetadata found =
          Objects.requireNonNull(
              world
                  .call(
                      admin,
                      KmsModel.DESCRIBE_KEY,
                      DescribeKeyRequest.builder().keyId(name).build())
                  .keyMetadata());
      assertThat(found.keyId()).isEqualTo(key.keyId());
    }
    assertThat(world.asked().getLast().keys())
        .containsEntry("kms:RequestAlias", List.of("alias/shop"))
        .containsEntry("kms:ResourceAliases", List.of("alias/shop"))
        .containsEntry("kms:CallerAccount", List.of("111122223333"));
  }

  @Test
  void saysThatAKeyIsNotThereOnlyToThoseWhoMayAsk() {
    var request =
        DescribeKeyRequest.builder().keyId("00000000-0000-4000-8000-000000000000").build();
    refused("NotFoundException", () -> world.call(admin, KmsModel.DESCRIBE_KEY, request));
    Principal nobody = world.user(World.SHOP, "nobody", "");
    refused("AccessDeniedException", () -> world.call(nobody, KmsModel.DESCRIBE_KEY, request));
    var foreign =
        DescribeKeyRequest.builder()
            .keyId("arn:aws:kms:eu-central-1:444455556666:key/00000000-0000-4000-8000-000000000000")
            .build();
    refused("AccessDeniedException", () -> world.call(admin, KmsModel.DESCRIBE_KEY, foreign));
  }

  @Test
  void refusesNamesThatAreNoKeys() {
    for (String name :
        List.of("", "x", "alias/none", "arn:aws:kms:us-east-1:111122223333:alias/none")) {
      refused(
          "NotFoundException",
          () ->
              world.call(
                  admin, KmsModel.DESCRIBE_KEY, DescribeKeyRequest.builder().keyId(name).build()));
    }
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
  void refusesAPolicyThatLocksItsWriterOut() {
    String id = key().keyId();
    String statements = allow("arn:aws:iam::111122223333:user/reader", "kms:*");
    refused("MalformedPolicyDocumentException", () -> putPolicy(id, statements));
    world.call(
        admin,
        KmsModel.PUT_KEY_POLICY,
        PutKeyPolicyRequest.builder()
            .keyId(id)
            .policy(policy(statements))
            .bypassPolicyLockoutSafetyCheck(true)
            .build());
    refused("AccessDeniedException", () -> encrypt(admin, id, Map.of()));
    refused("MalformedPolicyDocumentException", () -> putPolicy(key().keyId(), "{"));
  }

  @Test
  void usesNoKeyThatIsDisabledOrAboutToGo() {
    String id = key().keyId();
    byte[] blob = encrypt(admin, id, Map.of());
    world.call(admin, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(id).build());
    refused("DisabledException", () -> encrypt(admin, id, Map.of()));
    refused("DisabledException", () -> decrypt(admin, blob, Map.of()));
    world.call(
        admin,
        KmsModel.SCHEDULE_KEY_DELETION,
        ScheduleKeyDeletionRequest.builder().keyId(id).pendingWindowInDays(7).build());
    refused("KMSInvalidStateException", () -> decrypt(admin, blob, Map.of()));
    refused(
        "KMSInvalidStateException",
        () -> world.call(admin, KmsModel.ENABLE_KEY, EnableKeyRequest.builder().keyId(id).build()));
    world.call(
        admin, KmsModel.CANCEL_KEY_DELETION, CancelKeyDeletionRequest.builder().keyId(id).build());
    world.call(admin, KmsModel.ENABLE_KEY, EnableKeyRequest.builder().keyId(id).build());
    assertThat(decrypt(admin, blob, Map.of())).isEqualTo(SECRET);
  }

  @Test
  void forgetsAKeyWhenItsWaitingPeriodEnds() {
    String id = key().keyId();
    byte[] blob = encrypt(admin, id, Map.of());
    world.call(
        admin,
        KmsModel.SCHEDULE_KEY_DELETION,
        ScheduleKeyDeletionRequest.builder().keyId(id).build());
    world.pass(Duration.ofDays(30));
    refused("InvalidCiphertextException", () -> decrypt(admin, blob, Map.of()));
    refused("NotFoundException", () -> encrypt(admin, id, Map.of()));
    assertThat(world.kms.deleteExpired(world.now())).isEqualTo(1);
    assertThat(world.kms.deleteExpired(world.now())).isZero();
  }

  @Test
  void refusesKeysOfOtherKindsByName() {
    refused(
        "UnsupportedOperationException",
        () ->
            world.call(
                admin,
                KmsModel.CREATE_KEY,
                CreateKeyRequest.builder().keySpec("RSA_2048").build()));
    refused(
        "UnsupportedOperationException",
        () ->
            world.call(
                admin, KmsModel.CREATE_KEY, CreateKeyRequest.builder().multiRegion(true).build()));
  }

  @Test
  void answersADryRunWithoutResult() {
    String id = key().keyId();
    refused(
        "DryRunOperationException",
        () ->
            world.call(
                admin,
                KmsModel.GENERATE_DATA_KEY,
                GenerateDataKeyRequest.builder()
                    .keyId(id)
                    .keySpec("AES_256")
                    .dryRun(true)
                    .build()));
    refused(
        "ValidationException",
        () ->
            world.call(
                admin,
                KmsModel.GENERATE_DATA_KEY,
                GenerateDataKeyRequest.builder().keyId(id).build()));
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
  void movesAnAliasAndListsIt() {
    String first = key().keyId();
    String second = key().keyId();
    world.call(
        admin,
        KmsModel.CREATE_ALIAS,
        CreateAliasRequest.builder().aliasName("alias/shop").targetKeyId(first).build());
    refused(
        "AlreadyExistsException",
        () ->
            world.call(
                admin,
                KmsModel.CREATE_ALIAS,
                CreateAliasRequest.builder().aliasName("alias/shop").targetKeyId(second).build()));
    world.call(
        admin,
        KmsModel.UPDATE_ALIAS,
        UpdateAliasRequest.builder().aliasName("alias/shop").targetKeyId(second).build());
    assertThat(
            world
                .call(
                    admin,
                    KmsModel.LIST_ALIASES,
                    ListAliasesRequest.builder().keyId(second).build())
                .aliases())
        .extracting(AliasListEntry::aliasName)
        .containsExactly("alias/shop");
    refused(
        "InvalidAliasNameException",
        () ->
            world.call(
                admin,
                KmsModel.CREATE_ALIAS,
                CreateAliasRequest.builder().aliasName("alias/aws/x").targetKeyId(first).build()));
  }

  @Test
  void listsKeysPageByPage() {
    for (int i = 0; i < 5; i++) {
      key();
    }
    var ids = new HashSet<String>();
    String marker = null;
    do {
      ListKeysResponse page =
          world.call(
              admin, KmsModel.LIST_KEYS, ListKeysRequest.builder().limit(2).marker(marker).build());
      page.keys().forEach(entry -> ids.add(Objects.requireNonNull(entry.keyId())));
      marker = page.nextMarker();
    } while (marker != null);
    assertThat(ids).hasSize(5);
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
    assertThat(world.events).extracting(event -> event.name()).contains("Encrypt", "Decrypt");
    assertThat(world.events)
        .filteredOn(event -> event.source().equals("kms.amazonaws.com"))
        .hasSize(2)
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
  void keepsPrincipalsOfAnEnvironmentFromMovingKeys() {
    String id = key().keyId();
    Principal dev = world.user(World.SHOP, "dev", World.ANYTHING, Map.of("environment", "dev"));
    refused(
        "AccessDeniedException",
        () ->
            world.call(
                dev,
                KmsModel.TAG_RESOURCE,
                TagResourceRequest.builder()
                    .keyId(id)
                    .tags(List.of(new Tag("environment", "dev")))
                    .build()));
    world.call(
        dev,
        KmsModel.TAG_RESOURCE,
        TagResourceRequest.builder().keyId(id).tags(List.of(new Tag("team", "shop"))).build());
  }
}
