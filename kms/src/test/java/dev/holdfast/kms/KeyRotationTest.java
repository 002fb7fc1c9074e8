// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.kms.CancelKeyDeletionRequest;
import dev.holdfast.aws.kms.DescribeKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.DisableKeyRotationRequest;
import dev.holdfast.aws.kms.EnableKeyRequest;
import dev.holdfast.aws.kms.EnableKeyRotationRequest;
import dev.holdfast.aws.kms.GetKeyRotationStatusRequest;
import dev.holdfast.aws.kms.GetKeyRotationStatusResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.RotateKeyOnDemandRequest;
import dev.holdfast.aws.kms.ScheduleKeyDeletionRequest;
import dev.holdfast.aws.kms.UpdateKeyDescriptionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Keys that get fresh material by themselves. */
class KeyRotationTest extends KmsFixture {
  private GetKeyRotationStatusResponse status(String id) {
    return world.call(
        admin,
        KmsModel.GET_KEY_ROTATION_STATUS,
        GetKeyRotationStatusRequest.builder().keyId(id).build());
  }

  private void enable(String id, int days) {
    world.call(
        admin,
        KmsModel.ENABLE_KEY_ROTATION,
        EnableKeyRotationRequest.builder().keyId(id).rotationPeriodInDays(days).build());
  }

  private int version(String id) {
    return encrypt(admin, id, Map.of())[21];
  }

  private int afterDays(int days) {
    world.pass(Duration.ofDays(days));
    return world.kms.rotateDue(world.now());
  }

  @Test
  void rotatesEveryPeriodAndDecryptsWhatOlderMaterialMade() {
    String id = key().keyId();
    assertThat(status(id).keyRotationEnabled()).isFalse();
    assertThat(status(id).nextRotationDate()).isNull();
    world.call(
        admin, KmsModel.ENABLE_KEY_ROTATION, EnableKeyRotationRequest.builder().keyId(id).build());
    assertThat(status(id).rotationPeriodInDays()).isEqualTo(365);
    assertThat(status(id).nextRotationDate()).isEqualTo(world.now().plus(Duration.ofDays(365)));
    enable(id, 90);
    byte[] first = encrypt(admin, id, Map.of());
    assertThat(afterDays(89)).isZero();
    assertThat(afterDays(1)).isEqualTo(1);
    assertThat(world.kms.rotateDue(world.now())).isZero();
    assertThat(version(id)).isEqualTo(2);
    assertThat(decrypt(admin, first, Map.of())).isEqualTo(SECRET);
    assertThat(status(id).nextRotationDate()).isEqualTo(world.now().plus(Duration.ofDays(90)));
    assertThat(afterDays(900)).isEqualTo(1);
    world.call(
        admin,
        KmsModel.DISABLE_KEY_ROTATION,
        DisableKeyRotationRequest.builder().keyId(id).build());
    assertThat(status(id).keyRotationEnabled()).isFalse();
    assertThat(afterDays(900)).isZero();
    assertThat(version(id)).isEqualTo(3);
  }

  @Test
  void askedAgainWithTheSamePeriodTheDateStays() {
    String id = key().keyId();
    enable(id, 100);
    var before = status(id).nextRotationDate();
    world.pass(Duration.ofDays(10));
    enable(id, 100);
    assertThat(status(id).nextRotationDate()).isEqualTo(before);
    enable(id, 120);
    assertThat(status(id).nextRotationDate()).isEqualTo(world.now().plus(Duration.ofDays(120)));
  }

  @Test
  void aDisabledKeyWaitsAndOneThatGoesHasNoSchedule() {
    String id = key().keyId();
    enable(id, 90);
    world.call(admin, KmsModel.DISABLE_KEY, DisableKeyRequest.builder().keyId(id).build());
    assertThat(status(id).keyRotationEnabled()).isTrue();
    assertThat(afterDays(90)).isZero();
    refused("DisabledException", () -> enable(id, 100));
    world.call(admin, KmsModel.ENABLE_KEY, EnableKeyRequest.builder().keyId(id).build());
    assertThat(afterDays(0)).isEqualTo(1);
    world.call(
        admin,
        KmsModel.SCHEDULE_KEY_DELETION,
        ScheduleKeyDeletionRequest.builder().keyId(id).pendingWindowInDays(30).build());
    assertThat(status(id).keyRotationEnabled()).isFalse();
    refused("KMSInvalidStateException", () -> enable(id, 100));
    world.call(
        admin, KmsModel.CANCEL_KEY_DELETION, CancelKeyDeletionRequest.builder().keyId(id).build());
    assertThat(status(id).keyRotationEnabled()).isTrue();
  }

  @Test
  void rotationsByItselfDoNotCountAgainstThoseOnDemand() {
    String id = key().keyId();
    enable(id, 90);
    for (int i = 0; i < 30; i++) {
      assertThat(afterDays(90)).isEqualTo(1);
    }
    for (int i = 0; i < 25; i++) {
      world.call(
          admin,
          KmsModel.ROTATE_KEY_ON_DEMAND,
          RotateKeyOnDemandRequest.builder().keyId(id).build());
    }
    refused(
        "LimitExceededException",
        () ->
            world.call(
                admin,
                KmsModel.ROTATE_KEY_ON_DEMAND,
                RotateKeyOnDemandRequest.builder().keyId(id).build()));
  }

  @Test
  void awsManagedKeysRotateEveryYearAndNobodyDecidesThat() {
    String id =
        Objects.requireNonNull(
                world
                    .call(
                        admin,
                        KmsModel.DESCRIBE_KEY,
                        DescribeKeyRequest.builder().keyId(Kms.SSM_ALIAS).build())
                    .keyMetadata())
            .keyId();
    assertThat(status(id).keyRotationEnabled()).isTrue();
    assertThat(afterDays(364)).isZero();
    assertThat(afterDays(1)).isEqualTo(1);
    assertThat(status(id).nextRotationDate()).isEqualTo(world.now().plus(Duration.ofDays(365)));
    refused("AccessDeniedException", () -> enable(id, 90));
  }

  @Test
  void thePeriodIsAConditionKey() {
    enable(key().keyId(), 200);
    assertThat(world.asked().getLast().keys())
        .containsEntry("kms:RotationPeriodInDays", List.of("200"));
  }

  @Test
  void aDescriptionIsChanged() {
    String id = key().keyId();
    world.call(
        admin,
        KmsModel.UPDATE_KEY_DESCRIPTION,
        UpdateKeyDescriptionRequest.builder().keyId(id).description("the shop's").build());
    assertThat(
            world
                .call(admin, KmsModel.DESCRIBE_KEY, DescribeKeyRequest.builder().keyId(id).build())
                .keyMetadata())
        .extracting(metadata -> Objects.requireNonNull(metadata).description())
        .isEqualTo("the shop's");
  }
}
