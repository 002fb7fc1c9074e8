// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.kms.DecryptRequest;
import dev.holdfast.aws.kms.EnableKeyRotationRequest;
import dev.holdfast.aws.kms.EncryptRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.RotateKeyOnDemandRequest;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.store.Commit;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Watch;
import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A crash at each write of a life of rotations: whatever was encrypted and answered is decrypted by
 * the platform that starts on what is left, and the key rotates on. That a write is whole or not at
 * all after a power cut is the store's own ({@code DurabilityTest}, {@code LogPowerCutTest}).
 */
class KeyRotationCutTest extends KmsFixture {
  /** A store whose process dies at a write, which has or has not come to the disk by then. */
  private static final class Dying implements Store {
    private final Store inner;
    private final boolean written;
    private int left;

    Dying(Store inner, int left, boolean written) {
      this.inner = inner;
      this.left = left;
      this.written = written;
    }

    @Override
    public Revision commit(Commit commit) {
      boolean writes = !commit.puts().isEmpty() || !commit.deletes().isEmpty();
      if (writes && left-- <= 0) {
        if (written && left == -1) {
          var _ = inner.commit(commit);
        }
        throw new StoreUnavailable("the process died");
      }
      return inner.commit(commit);
    }

    @Override
    public Snapshot read() {
      return inner.read();
    }

    @Override
    public Watch watch(List<KeyRange> ranges, Revision after) {
      return inner.watch(ranges, after);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static byte[] encrypted(World world, Principal by, String key) {
    return Objects.requireNonNull(
        world
            .call(
                by, KmsModel.ENCRYPT, EncryptRequest.builder().keyId(key).plaintext(SECRET).build())
            .ciphertextBlob());
  }

  /** Rotates in each way there is, and encrypts between; what was answered is in {@code kept}. */
  private static void live(World world, Principal by, String key, List<byte[]> kept) {
    for (int round = 0; round < 3; round++) {
      kept.add(encrypted(world, by, key));
      var _ =
          world.call(
              by,
              KmsModel.ROTATE_KEY_ON_DEMAND,
              RotateKeyOnDemandRequest.builder().keyId(key).build());
      kept.add(encrypted(world, by, key));
      world.pass(Duration.ofDays(91));
      int _ = world.kms.rotateDue(world.now());
      kept.add(encrypted(world, by, key));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCrashAtAnyWriteLosesNothingThatWasEncrypted(boolean written) {
    int crash = 0;
    boolean died = true;
    while (died) {
      var begun = new World(Profile.STANDARD);
      Principal by = begun.user(World.SHOP, "admin", World.ANYTHING);
      String key =
          Objects.requireNonNull(
                  begun
                      .call(
                          by,
                          KmsModel.CREATE_KEY,
                          dev.holdfast.aws.kms.CreateKeyRequest.builder().build())
                      .keyMetadata())
              .keyId();
      var _ =
          begun.call(
              by,
              KmsModel.ENABLE_KEY_ROTATION,
              EnableKeyRotationRequest.builder().keyId(key).rotationPeriodInDays(90).build());
      var kept = new ArrayList<byte[]>();
      kept.add(encrypted(begun, by, key));
      MemoryStore disk = begun.store;
      int at = crash;
      died = false;
      try {
        live(
            new World(
                Profile.STANDARD, disk, begun.keyring, inner -> new Dying(inner, at, written)),
            by,
            key,
            kept);
      } catch (StoreUnavailable _) {
        died = true;
      }
      var after = new World(Profile.STANDARD, disk, begun.keyring, inner -> inner);
      live(after, by, key, kept);
      for (byte[] blob : kept) {
        assertThat(
                after
                    .call(
                        by, KmsModel.DECRYPT, DecryptRequest.builder().ciphertextBlob(blob).build())
                    .plaintext())
            .as("crash at write %d", crash)
            .isEqualTo(SECRET);
      }
      crash++;
    }
    assertThat(crash).as("writes of a life, and one life without a crash").isGreaterThan(6);
  }
}
