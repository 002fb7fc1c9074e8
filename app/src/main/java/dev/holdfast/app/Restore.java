// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.backup.Cut;
import dev.holdfast.app.backup.Piece;
import dev.holdfast.app.backup.Vault;
import dev.holdfast.app.hosts.Invitation;
import dev.holdfast.ecs.control.LostHosts;
import dev.holdfast.iam.control.RestoredKeys;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Finding;
import dev.holdfast.service.GuardrailExceptions;
import dev.holdfast.service.Profile;
import dev.holdfast.ssm.model.ManagedTables;
import dev.holdfast.store.Table;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.KeyringStorage;
import dev.holdfast.store.seal.SealException;
import dev.holdfast.store.space.Urgency;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data directory of a backup. Everything is done in a folder beside it, which gets its name
 * last, in one step: what was interrupted is no data directory.
 *
 * <p>What comes out is another installation than the one that was backed up, with the same account
 * and the same content: the old one, or its containers, may still be there. What nothing can know,
 * because it happened after the backup, is decided the safe way: sessions and tokens of before are
 * void, no guardrail is lowered, access keys wait for somebody to confirm them, and no task is said
 * to run.
 */
final class Restore {
  /** Lies in a directory until it is whole. */
  static final String UNFINISHED = "RESTORING";

  private final Options options;
  private final Disk disk;
  private final Progress progress;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Path target;
  private final Path aside;

  /**
   * What is restored, and where.
   *
   * @param cut null for the newest
   */
  record Options(Path vault, @Nullable String cut, Path dataDir, Path rootKey) {}

  Restore(Options options, Disk disk, Progress progress, SecureRandom random, InstantSource clock) {
    this.options = options;
    this.disk = disk;
    this.progress = progress;
    this.random = random;
    this.clock = clock;
    this.target = options.dataDir().toAbsolutePath().normalize();
    this.aside = target.resolveSibling(target.getFileName() + ".restoring");
  }

  /**
   * Restores; returns what to tell the operator.
   *
   * @throws Refusal where it is not to be done
   * @throws IOException where the backup is damaged, or the disk fails
   */
  static String run(Options options, Progress progress, SecureRandom random, InstantSource clock)
      throws IOException {
    return new Restore(options, new FailStopDisk(Disk.local()), progress, random, clock)
        .run(Restore::settle);
  }

  /** What is done in the state that was placed, which the engine makes durable itself. */
  interface Settling {
    String settle(Restore restore, Installation installation, Cut cut) throws IOException;
  }

  String run(Settling settling) throws IOException {
    requireEmpty();
    Vault vault = Vault.open(options.vault().toAbsolutePath().normalize());
    String id =
        options.cut() != null
            ? options.cut()
            : vault
                .newest()
                .orElseThrow(() -> new Refusal("there is no backup in " + options.vault()));
    Cut cut = proved(vault, id);
    progress.say("restoring %s, %s".formatted(id, Progress.bytes(cut.size())));
    begin();
    try {
      Installation installation = place(vault, cut);
      String told = settling.settle(this, installation, cut);
      finish(installation);
      return told;
    } catch (IOException | RuntimeException e) {
      giveUp(e);
      throw e;
    }
  }

  private void giveUp(Exception failure) {
    try {
      discard(aside);
    } catch (IOException e) {
      failure.addSuppressed(e); // the next restore takes it away
    }
  }

  private void requireEmpty() throws IOException {
    // One that was interrupted before its last step is none yet, and goes.
    if (Files.exists(target) && !isEmpty(target) && !Files.exists(target.resolve(UNFINISHED))) {
      throw new Refusal(target + " is not empty; restore into a directory that is");
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private Cut proved(Vault vault, String id) throws IOException {
    Piece ring = vault.unproved(id).piece(Foundation.KEYRING);
    var bytes = new java.io.ByteArrayOutputStream();
    vault.read(ring, (buffer, length) -> bytes.write(buffer, 0, length));
    try (Secret root = RootKey.read(options.rootKey());
        Keyring keyring = Keyring.open(new ReadKeyring(bytes.toByteArray()), root, random)) {
      return vault.cut(id, Backups.key(keyring));
    } catch (SealException e) {
      throw new Refusal(
          "the root key %s does not open the backup %s: %s"
              .formatted(options.rootKey(), id, e.getMessage()));
    }
  }

  /** A keyring's document out of a backup. */
  @SuppressWarnings("ArrayRecordComponent")
  private record ReadKeyring(byte[] load) implements KeyringStorage {
    @Override
    public void save(byte[] document) {
      throw new IllegalStateException("a keyring in a backup is never changed");
    }
  }

  private void begin() throws IOException {
    for (Path unfinished : List.of(target, aside)) {
      if (Files.exists(unfinished.resolve(UNFINISHED)) || drafted(unfinished)) {
        discard(unfinished);
      }
    }
    if (Files.exists(aside) && !isEmpty(aside)) {
      throw new Refusal(
          "%s is in the way, and nothing of a restore that was interrupted; move it:  mv %s %s.other, and then this"
              .formatted(aside, aside, aside));
    }
    disk.makeDirectories(aside);
    disk.replace(
        aside.resolve(UNFINISHED),
        "A restore was interrupted here. Restore again, or remove this folder.\n"
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Removes a folder that is not whole: what says so goes last. */
  private void discard(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(UNFINISHED)) {
          Vault.removeTree(file, disk);
        }
      }
    }
    disk.syncDirectory(folder);
    Vault.removeTree(folder, disk);
  }

  /** Whether a folder holds nothing but the draft of what tells that it is not whole. */
  private static boolean drafted(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(Path::getFileName)
          .map(Path::toString)
          .toList()
          .equals(List.of(UNFINISHED + Disk.DRAFT));
    }
  }

  private Installation place(Vault vault, Cut cut) throws IOException {
    disk.makeDirectories(aside.resolve("state"));
    for (Piece piece : cut.files()) {
      try (DiskFile out = disk.create(aside.resolve(piece.name()))) {
        var at = new long[1];
        vault.read(
            piece,
            (buffer, length) -> {
              out.write(ByteBuffer.wrap(buffer, 0, length), at[0]);
              at[0] += length;
            });
        out.sync();
      }
    }
    disk.syncDirectory(aside.resolve("state"));
    disk.syncDirectory(aside);
    FileBlobStore blobs = FileBlobStore.open(aside.resolve("blobs"), disk);
    long done = 0;
    long told = System.nanoTime();
    for (Piece piece : cut.blobs()) {
      place(vault, piece, blobs);
      done += piece.size();
      if (System.nanoTime() - told > 2_000_000_000L) {
        told = System.nanoTime();
        progress.say("restored " + Progress.bytes(done) + " of " + Progress.bytes(cut.size()));
      }
    }
    return identity();
  }

  private static void place(Vault vault, Piece piece, BlobStore blobs) throws IOException {
    try (InputStream in = Files.newInputStream(vault.object(piece));
        BlobStore.Ingest ingest = blobs.ingest()) {
      ingest.append(in);
      if (ingest.size() != piece.size() || !ingest.publish(new Digest(piece.name()))) {
        vault.verify(piece); // which names what is wrong
        throw new IOException(vault.object(piece) + " changed while it was read");
      }
    } catch (NoSuchFileException _) {
      vault.verify(piece);
    }
  }

  /** Gives the directory an identity of its own, and its root key where its profile has it. */
  private Installation identity() throws IOException {
    Installation old =
        Installation.readable(aside.resolve(Installation.FILE))
            .orElseThrow(() -> new Refusal("the backup's installation.json does not read"));
    String id = Ids.hex(random, 6);
    Path key = options.rootKey().toAbsolutePath().normalize();
    if (old.profile() == Profile.DEV) {
      try (Secret root = RootKey.read(key);
          DiskFile out = disk.create(aside.resolve("root.key"))) {
        out.write(ByteBuffer.wrap(root.bytes()), 0);
        out.sync();
      }
      key = aside.resolve("root.key");
    } else if (key.startsWith(target)) {
      throw new Refusal(
          "the profile `standard` keeps its root key outside the data directory: move it, then name it again");
    }
    var fresh = new Installation(id, old.profile(), old.account(), key.toString());
    fresh.write(aside, disk);
    return fresh;
  }

  /** Raises the epoch, and checks what came out. */
  private String settle(Installation installation, Cut cut) throws IOException {
    Instant now = clock.instant();
    long epoch = raise(installation, cut, now);
    String told;
    try (OpenDirectory open = OpenDirectory.open(aside, installation, random, clock)) {
      int keys = new RestoredKeys(open.foundation().state()).suspend();
      int tasks =
          LostHosts.giveUp(
              open.foundation().state(),
              "The task's host was lost: the installation was restored from the backup " + cut.id(),
              now);
      var call =
          open.operator()
              .call(
                  OperatorCalls.SOURCE,
                  "RestoreBackup",
                  JsonObject.EMPTY
                      .with("backup", cut.id())
                      .with("backupOf", cut.installation())
                      .with("epoch", epoch)
                      .with("accessKeysWaiting", keys)
                      .with("tasksLost", tasks));
      open.foundation().state().commit(call, tx -> tx.revision());
      open.foundation().keyring().rotate();
      told = told(cut, keys, tasks);
      progress.say("checking what was restored");
    }
    check(installation);
    return told;
  }

  private long raise(Installation installation, Cut cut, Instant now) throws IOException {
    try (Foundation foundation = Foundation.open(aside, installation, random, clock, _ -> {})) {
      foundation
          .state()
          .own(
              Urgency.VITAL,
              tx -> {
                tx.put(Installation.SEALED, Table.PLATFORM, "this", installation);
                for (Invitation open : tx.list(Invitation.TABLE, Table.PLATFORM)) {
                  tx.delete(Invitation.TABLE, Table.PLATFORM, open.id());
                }
                ManagedTables.forget(tx);
                TokenIssuers.forget(tx);
                GuardrailExceptions.forget(tx);
                return now;
              });
      return Epoch.raise(foundation.state(), cut.id(), random, now).number();
    }
  }

  private void check(Installation installation) throws IOException {
    try (Foundation foundation = Foundation.open(aside, installation, random, clock, _ -> {})) {
      var blobs = FileBlobStore.open(aside.resolve("blobs"));
      var checks = new Checks(foundation.keyring(), blobs, random, clock);
      List<Finding> damage =
          checks.run(foundation.store()).findings().stream().filter(Finding::isDamage).toList();
      if (!damage.isEmpty()) {
        throw new Refusal(
            "what came out of the backup is damaged:\n"
                + String.join("\n", damage.stream().limit(10).map(Finding::text).toList()));
      }
    }
  }

  private String told(Cut cut, int keys, int tasks) {
    var text = new StringBuilder();
    text.append(target).append(" is restored from ").append(cut.id()).append(".\n");
    text.append("All sessions and tokens of before are void, and all exceptions of guardrails.");
    if (tasks > 0) {
      text.append(" Tasks that ran on the old host: ").append(tasks).append(", now STOPPED.");
    }
    if (keys > 0) {
      text.append("\nAccess keys that wait for you to confirm them: ")
          .append(keys)
          .append(". Nothing can know which were revoked since ")
          .append(cut.at())
          .append(
              ";\nlist them with ./holdfast keys list, then ./holdfast keys confirm KEY (or --all).");
    }
    return text.append(
            "\nPolicies, roles and keys are as they were then too. Start it: ./holdfast up --data-dir ")
        .append(target)
        .toString();
  }

  private void finish(Installation installation) throws IOException {
    if (installation.profile() == Profile.DEV) {
      new Installation(
              installation.id(),
              installation.profile(),
              installation.account(),
              target.resolve("root.key").toString())
          .write(aside, disk);
    }
    Vault.removeTree(aside.resolve("run"), disk);
    disk.syncDirectory(aside);
    disk.move(aside, target);
    Path parent = target.getParent();
    if (parent != null) {
      disk.syncDirectory(parent);
    }
    // Last of all: until here whoever finds it, under either name, knows that it is not whole.
    disk.deleteDurably(target.resolve(UNFINISHED));
  }
}
