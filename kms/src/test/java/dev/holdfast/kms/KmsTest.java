// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.kms.AliasListEntry;
import dev.holdfast.aws.kms.CancelKeyDeletionRequest;
import dev.holdfast.aws.kms.CreateAliasRequest;
import dev.holdfast.aws.kms.CreateKeyRequest;
import dev.holdfast.aws.kms.DescribeKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.EnableKeyRequest;
import dev.holdfast.aws.kms.GenerateDataKeyRequest;
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
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KmsTest extends KmsFixture {
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
  void refusesAPolicyThatLocksItsWriterOut() {
    String id = key().keyId();
    Principal _ = world.user(World.SHOP, "reader", "");
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
    refused("AccessDeniedException", () -> decrypt(admin, blob, Map.of()));
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
