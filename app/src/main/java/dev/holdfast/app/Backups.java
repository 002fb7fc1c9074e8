// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.backup.Cut;
import dev.holdfast.app.backup.DamagedBackup;
import dev.holdfast.app.backup.Piece;
import dev.holdfast.app.backup.Vault;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.control.Collector;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Database;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.rocksdb.RocksStore;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.SealedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Makes backups of an open directory, beside whatever it serves.
 *
 * <p>The state is cut first, by a checkpoint; then every blob that it names is copied, which are
 * all there, as a blob is durable before a commit names it and none is collected meanwhile. What
 * was written is read again before the cut is kept.
 */
final class Backups {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final long TELL_NANOS = 2_000_000_000L;

  /** The purpose of the key that cuts are proved by: the same in every epoch. */
  private static final String PURPOSE = "backup";

  private final OpenDirectory directory;
  private final InstantSource clock;

  /** Held while a backup is made: they share the place of the checkpoint. */
  private final ReentrantLock one = new ReentrantLock();

  Backups(OpenDirectory directory) {
    this.directory = directory;
    this.clock = directory.foundation().clock();
  }

  /**
   * A backup that was made.
   *
   * @param copied bytes that the target did not have yet
   */
  record Made(Cut cut, long copied) {}

  /**
   * Makes a backup.
   *
   * @param custodyKnown whether the operator says that the root key is kept elsewhere already
   * @throws Refusal where it is not to be made, or what it would hold is damaged
   */
  Made make(Path target, boolean custodyKnown, Progress progress) throws IOException {
    Path vaultRoot = target.toAbsolutePath().normalize();
    apart(vaultRoot);
    if (!one.tryLock()) {
      throw new Refusal("another backup is being made; wait for it");
    }
    try (Vault vault = vault(vaultRoot);
        Collector.Hold _ = directory.collector().hold()) {
      custody(custodyKnown);
      return make(vault, vaultRoot, progress);
    } finally {
      one.unlock();
    }
  }

  /** Something that no backup may be made beside. */
  interface Alone {
    String run() throws IOException;
  }

  /**
   * Does something while no backup is made.
   *
   * @throws Refusal where one is
   */
  String without(Alone work) throws IOException {
    if (!one.tryLock()) {
      throw new Refusal("a backup is being made; wait for it");
    }
    try {
      return work.run();
    } finally {
      one.unlock();
    }
  }

  private void apart(Path target) throws IOException {
    Path data = directory.path().toRealPath();
    Path existing = target;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (existing.toRealPath().startsWith(data) || data.startsWith(target)) {
      throw new Refusal(
          "a backup inside the data directory is lost with it; name a folder elsewhere, on another disk");
    }
  }

  private static Vault vault(Path target) {
    try {
      return Vault.create(target, new FailStopDisk(Disk.local()));
    } catch (IOException e) {
      throw new Refusal(e.getMessage() == null ? String.valueOf(e) : e.getMessage());
    }
  }

  private void custody(boolean known) {
    if (Custody.of(directory.foundation().state()).isPresent()) {
      return;
    }
    if (!known) {
      throw new Refusal(
          """
          A backup holds no root key, and without that key nothing in it can be read. Write the key to a place of its own first, apart from the backups:
            ./holdfast key export FILE
          Where you keep a copy already, say so once: ./holdfast backup TARGET --without-key-export""");
    }
    new Custody(clock.instant(), "")
        .record(
            directory.foundation().state(),
            directory
                .operator()
                .call(OperatorCalls.SOURCE, "AcknowledgeRootKeyCustody", JsonObject.EMPTY));
  }

  private Made make(Vault vault, Path target, Progress progress) throws IOException {
    Instant now = clock.instant();
    String id = ID.format(now) + "-" + Ids.hex(directory.foundation().random(), 3);
    record(id, target);
    progress.say("cutting the state");
    Path checkpoint = checkpoint(directory.path());
    Vault.removeTree(checkpoint);
    try {
      Disk.local().makeDirectories(checkpoint.resolveSibling("."));
      directory.foundation().store().checkpoint(checkpoint);
      var pieces = new ArrayList<>(state(vault, checkpoint));
      long revision = check(vault, pieces, progress);
      long copied = pieces.stream().filter(p -> !p.isBlob()).mapToLong(Piece::size).sum();
      copied += blobs(vault, pieces, progress);
      copied += reread(vault, pieces, progress);
      var installation = directory.installation();
      var cut =
          new Cut(
              id,
              now,
              LocalOperator.version(),
              installation.id(),
              installation.profile().name().toLowerCase(Locale.ROOT),
              revision,
              pieces);
      vault.keep(cut, key(directory.foundation().keyring()));
      return new Made(cut, copied);
    } finally {
      Vault.removeTree(checkpoint);
    }
  }

  /** Where the state is cut: links to its table files, which cost nothing while those are there. */
  private static Path checkpoint(Path dataDir) {
    return dataDir.resolve("run").resolve("backup");
  }

  /** Takes away what a killed backup left, which would hold the space of what the state drops. */
  static void tidy(Path dataDir) throws IOException {
    Vault.removeTree(checkpoint(dataDir));
  }

  /** The key that proves a cut. */
  static byte[] key(Keyring keyring) {
    try (Secret key = keyring.derive(PURPOSE)) {
      return key.bytes().clone();
    }
  }

  private void record(String id, Path target) {
    var call =
        directory
            .operator()
            .call(
                OperatorCalls.SOURCE,
                "CreateBackup",
                JsonObject.EMPTY.with("backup", id).with("target", target.toString()));
    directory.foundation().state().commit(call, tx -> tx.revision());
  }

  /** The files of the state; the keyring last, so that it has every key that the state needs. */
  private List<Piece> state(Vault vault, Path checkpoint) throws IOException {
    var pieces = new ArrayList<Piece>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.sorted().toList()) {
        pieces.add(vault.keep("state/" + file.getFileName(), out -> Files.copy(file, out)));
      }
    }
    for (String name : List.of(Foundation.KEYRING, Installation.FILE)) {
      pieces.add(vault.keep(name, out -> Files.copy(directory.path().resolve(name), out)));
    }
    return pieces;
  }

  /**
   * Opens the written copy of the state, adds the blobs that it names, and checks what it says.
   *
   * @return its revision
   */
  private long check(Vault vault, List<Piece> pieces, Progress progress) throws IOException {
    Path copy = vault.work().resolve("state");
    Files.createDirectory(copy);
    for (Piece piece : pieces) {
      if (piece.name().startsWith("state/")) {
        Files.copy(vault.object(piece), copy.resolve(piece.name().substring("state/".length())));
      }
    }
    progress.say("checking the copy of the state");
    Keyring keyring = directory.foundation().keyring();
    try (Store store = new SealedStore(RocksStore.openReadOnly(copy), keyring);
        Snapshot snapshot = store.read()) {
      Set<Digest> named = new Database(store).read(Images::blobs);
      for (Digest digest : named) {
        pieces.add(new Piece(digest.text(), size(digest), digest.hex()));
      }
      var checks =
          new Checks(keyring, new NamedBlobs(named), directory.foundation().random(), clock);
      List<Finding> damage =
          checks.run(store).findings().stream().filter(Finding::isDamage).toList();
      if (!damage.isEmpty()) {
        throw new Refusal(
            "nothing was kept, as what is to be backed up is damaged; ./holdfast fsck says more:\n"
                + String.join("\n", damage.stream().limit(10).map(Finding::text).toList()));
      }
      return snapshot.revision().number();
    }
  }

  private long size(Digest digest) throws IOException {
    Optional<BlobStore.Blob> there = directory.blobs().open(digest);
    if (there.isEmpty()) {
      throw damaged(digest, "is missing");
    }
    try (BlobStore.Blob blob = there.get()) {
      return blob.size();
    }
  }

  private static Refusal damaged(Digest digest, String how) {
    return new Refusal(
        "nothing was kept: the blob %s %s; push its image again, or delete that image (./holdfast fsck says whose it is)"
            .formatted(digest, how));
  }

  /** Copies what the target lacks; returns how many bytes. */
  private long blobs(Vault vault, List<Piece> pieces, Progress progress) throws IOException {
    List<Piece> lacking = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.isBlob() && !vault.has(piece)) {
        lacking.add(piece);
      }
    }
    long all = lacking.stream().mapToLong(Piece::size).sum();
    progress.say("copying " + lacking.size() + " blobs, " + Progress.bytes(all));
    long done = 0;
    long told = System.nanoTime();
    for (Piece piece : lacking) {
      copy(vault, piece);
      done += piece.size();
      if (System.nanoTime() - told > TELL_NANOS) {
        told = System.nanoTime();
        progress.say("copied " + Progress.bytes(done) + " of " + Progress.bytes(all));
      }
    }
    return all;
  }

  private void copy(Vault vault, Piece piece) throws IOException {
    Digest digest = new Digest(piece.name());
    BlobStore.Blob blob =
        directory.blobs().open(digest).orElseThrow(() -> damaged(digest, "is missing"));
    try (blob) {
      Piece kept = vault.keep(piece.name(), out -> blob.copy(0, blob.size(), out));
      if (!kept.equals(piece)) {
        vault.drop(kept);
        throw damaged(digest, "is damaged: its bytes are not those of its digest");
      }
    }
  }

  /**
   * Reads everything that the cut names where it was written; what a target no longer holds as it
   * was is brought again. Returns how many bytes were.
   */
  private long reread(Vault vault, List<Piece> pieces, Progress progress) throws IOException {
    long all = pieces.stream().mapToLong(Piece::size).sum();
    progress.say("reading what was written, " + Progress.bytes(all));
    long again = 0;
    long done = 0;
    long told = System.nanoTime();
    for (Piece piece : pieces) {
      try {
        vault.verify(piece);
      } catch (DamagedBackup e) {
        if (!piece.isBlob()) {
          throw e;
        }
        progress.say(e.getMessage() + "; it is brought again");
        copy(vault, piece);
        vault.verify(piece);
        again += piece.size();
      }
      done += piece.size();
      if (System.nanoTime() - told > TELL_NANOS) {
        told = System.nanoTime();
        progress.say("read " + Progress.bytes(done) + " of " + Progress.bytes(all));
      }
    }
    return again;
  }

  /** What the command line shows in the end. */
  static JsonObject shown(Made made, Path target) {
    Cut cut = made.cut();
    return JsonObject.EMPTY
        .with("backup", cut.id())
        .with("blobs", cut.blobs().size())
        .with("bytes", cut.size())
        .with("copied", made.copied())
        .with("ok", new JsonValue.JsonBool(true))
        .with(
            "text",
            "%s is whole: revision %d, %d blobs, %s, of which %s are new in %s"
                .formatted(
                    cut.id(),
                    cut.revision(),
                    cut.blobs().size(),
                    Progress.bytes(cut.size()),
                    Progress.bytes(made.copied()),
                    target));
  }
}
