// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.backup.Cut;
import dev.holdfast.app.backup.Piece;
import dev.holdfast.app.backup.Vault;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Profile;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.KeyringFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes in a restore, the data directory is whole, or whoever opens it is told
 * that it is not, and the next restore goes through. The state's own files are the engine's; here
 * they are only brought.
 */
class RestorePowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 500;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ID = "20260101T000000Z-000001";

  private Path root = Path.of("");
  private Path sea = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
    sea = PowerCut.folder();
    backup();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
    PowerCut.clear(sea);
  }

  private Path rootKey() {
    return sea.resolve("root.key");
  }

  private static byte[] content(String name) {
    return (name + " ").repeat(200).getBytes(StandardCharsets.UTF_8);
  }

  /** A backup of a state of two files and three blobs. */
  private void backup() throws IOException {
    byte[] key = new byte[RootKey.BYTES];
    Arrays.fill(key, (byte) 5);
    Files.write(rootKey(), key);
    Files.setPosixFilePermissions(rootKey(), PosixFilePermissions.fromString("rw-------"));
    Path ring = sea.resolve("keyring.json");
    var old =
        new Installation(
            "0123456789ab", Profile.DEV, new AccountId("123456789012"), rootKey().toString());
    old.write(sea, Disk.local());
    try (Secret rootKey = new Secret(key);
        Keyring keyring = Keyring.create(new KeyringFile(ring), rootKey, RANDOM);
        Vault vault = Vault.create(sea.resolve("vault"), Disk.local())) {
      var pieces = new ArrayList<Piece>();
      for (String name : List.of("state/CURRENT", "state/000001.log")) {
        pieces.add(vault.keep(name, out -> out.write(content(name))));
      }
      for (String name : List.of(Foundation.KEYRING, Installation.FILE)) {
        pieces.add(vault.keep(name, out -> Files.copy(sea.resolve(name), out)));
      }
      for (String name : List.of("one", "two", "three")) {
        String digest = "sha256:" + Hashes.sha256Hex(content(name));
        pieces.add(vault.keep(digest, out -> out.write(content(name))));
      }
      var cut = new Cut(ID, Instant.EPOCH, "1", "0123456789ab", "dev", 1, pieces);
      vault.keep(cut, Backups.key(keyring));
    }
  }

  private void restore(Path where, Disk disk) throws IOException {
    var options = new Restore.Options(sea.resolve("vault"), null, where.resolve("data"), rootKey());
    new Restore(options, disk, _ -> {}, RANDOM, InstantSource.system()).run((_, _, _) -> "");
  }

  private Tape restored() throws IOException {
    var disk = new RecordingDisk(root);
    restore(root, disk);
    disk.promise("restored");
    return disk.tape();
  }

  /** Whether a directory may be opened; then all of it has to be there. */
  private static boolean whole(Path data) throws IOException {
    if (!Files.exists(data) || Files.exists(data.resolve(Restore.UNFINISHED))) {
      return false;
    }
    for (String name : List.of("state/CURRENT", "state/000001.log")) {
      assertThat(Files.readAllBytes(data.resolve(name))).isEqualTo(content(name));
    }
    Installation known = Installation.readable(data.resolve(Installation.FILE)).orElseThrow();
    assertThat(known.rootKey()).endsWith("/data/root.key");
    try (Secret key = RootKey.read(data.resolve("root.key"));
        Keyring keyring =
            Keyring.open(new KeyringFile(data.resolve(Foundation.KEYRING)), key, RANDOM)) {
      assertThat(keyring.version()).isEqualTo(1);
    }
    BlobStore blobs = FileBlobStore.look(data.resolve("blobs"));
    for (String name : List.of("one", "two", "three")) {
      assertThat(blobs.verify(new Digest("sha256:" + Hashes.sha256Hex(content(name)))))
          .isEqualTo(BlobStore.Verdict.INTACT);
    }
    return true;
  }

  private void check(Path where, Disk disk, List<Object> promised) throws IOException {
    if (!whole(where.resolve("data"))) {
      assertThat(promised).isEmpty();
      restore(where, disk);
      assertThat(whole(where.resolve("data"))).isTrue();
    }
  }

  @Test
  void isWholeOrNoneAndTheNextRestoreGoesThrough() throws IOException {
    PowerCut.play("a restore", restored(), STATES, 1, this::check);
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = restored();
    for (Tape careless :
        List.of(tape.withoutAll(Step.Sync.class), tape.withoutAll(Step.SyncDirectory.class))) {
      assertThat(PowerCut.fails(careless, STATES, 2, this::check)).isTrue();
    }
  }
}
