// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, every blob that was acknowledged, or found by a reader, is there
 * afterwards; whatever has a blob's name is whole; and no dead upload stays.
 */
class FileBlobStorePowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 60_000 : 2_500;
  private static final int FEW = 1_500;
  private static final byte[] CARGO = new byte[3_000];

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    BlobStore store = FileBlobStore.open(root.resolve("blobs"), disk);
    try (Stream<Path> dead = Files.list(root.resolve("blobs/uploads"))) {
      assertThat(dead).as("dead uploads").isEmpty();
    }
    Set<Digest> missing = new HashSet<>();
    for (Object said : promised) {
      switch (said) {
        case Quay.There(Digest digest) -> missing.add(digest);
        case Quay.Open(Digest digest) -> missing.remove(digest);
        default -> throw new IllegalStateException();
      }
    }
    for (Digest digest : store.all()) {
      missing.remove(digest);
      try (BlobStore.Blob blob = store.open(digest).orElseThrow()) {
        var out = new ByteArrayOutputStream();
        blob.copy(0, blob.size(), out);
        if (!Digest.of(out.toByteArray()).equals(digest)) {
          throw new AssertionError(digest + " is not whole");
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new AssertionError("acknowledged and gone: " + missing);
    }
  }

  @Test
  void keepsEveryAcknowledgedBlob() throws IOException {
    Tape tape = new Quay(root, 7).play(PowerCut.isLong() ? 1_500 : 300).tape();
    long said = tape.steps().stream().filter(Step.Promise.class::isInstance).count();
    assertThat(said).isGreaterThan(50);
    PowerCut.Played played =
        PowerCut.play("blobs", tape, STATES, 8, FileBlobStorePowerCutTest::check);
    assertThat(played.opened()).isGreaterThan(STATES / 4);
  }

  @Test
  void isFoundOutWithoutSyncsOrWithRenamesBeforeThem() throws IOException {
    Tape tape = new Quay(root, 9).play(120).tape();
    assertThat(found(tape)).as("the proof on an honest disk").isFalse();
    assertThat(found(tape.withoutAll(Step.Sync.class))).as("files not synced").isTrue();
    assertThat(found(tape.withoutAll(Step.SyncDirectory.class))).as("folders not synced").isTrue();
    assertThat(found(tape.movesBeforeSync())).as("renamed before the sync").isTrue();
  }

  private static boolean found(Tape tape) throws IOException {
    return PowerCut.fails(tape, FEW, 10, FileBlobStorePowerCutTest::check);
  }

  private static void bring(BlobStore store, RecordingDisk disk, byte[] content)
      throws IOException {
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(new ByteArrayInputStream(content));
      ingest.publish(Digest.of(content));
      disk.promise(new Quay.There(Digest.of(content)));
    }
  }

  @Test
  void needsEverySync() throws IOException {
    var disk = new RecordingDisk(root);
    BlobStore store = FileBlobStore.open(root.resolve("data/blobs"), disk);
    int open = disk.tape().steps().size();
    bring(store, disk, CARGO);
    bring(store, disk, new byte[] {1});
    Tape tape = disk.tape();
    assertThat(PowerCut.fails(tape, FEW, 11, FileBlobStorePowerCutTest::deeper)).isFalse();
    Tape careless = tape;
    for (int sync : tape.syncs().reversed()) {
      if (sync < open) {
        // Alone they may be needless: some are for what a killed process may have left.
        careless = careless.without(sync);
      } else {
        assertThat(PowerCut.fails(tape.without(sync), FEW, 11, FileBlobStorePowerCutTest::deeper))
            .as("without %s", tape.steps().get(sync))
            .isTrue();
      }
    }
    assertThat(PowerCut.fails(careless, FEW, 11, FileBlobStorePowerCutTest::deeper)).isTrue();
  }

  private static void deeper(Path root, Disk disk, List<Object> promised) throws IOException {
    if (Files.exists(root.resolve("data")) || promised.isEmpty()) {
      check(root.resolve("data"), disk, promised);
    } else {
      throw new AssertionError("the folder is gone");
    }
  }

  /** A client that finds a blob pushes a manifest that names it, and never the blob. */
  @Test
  void makesDurableWhatAReaderFinds() throws IOException {
    var disk = new RecordingDisk(root);
    BlobStore killed = FileBlobStore.open(root.resolve("blobs"), disk);
    bring(killed, disk, new byte[] {2});
    BlobStore.Ingest ingest = killed.ingest();
    ingest.append(new ByteArrayInputStream(CARGO));
    // Sync, folder, its sync, move; the folder's sync comes no more.
    disk.killAfter(4);
    assertThatThrownBy(() -> ingest.publish(Digest.of(CARGO)))
        .isInstanceOf(RecordingDisk.Killed.class);
    disk.revive();
    BlobStore store = FileBlobStore.open(root.resolve("blobs"), disk);
    int before = disk.tape().steps().size();
    store.open(Digest.of(CARGO)).orElseThrow().close();
    disk.promise(new Quay.There(Digest.of(CARGO)));
    Tape tape = disk.tape();
    assertThat(tape.steps().get(before)).isInstanceOf(Step.SyncDirectory.class);
    PowerCut.play("a blob found", tape, FEW, 12, FileBlobStorePowerCutTest::check);
    assertThat(found(tape.without(before))).isTrue();
  }

  private static void tried(BlobStore store, RecordingDisk disk, byte[] content)
      throws IOException {
    try {
      bring(store, disk, content);
    } catch (BlobStoreException _) {
      // as the client sees it, who then asks whether it is there all the same
    }
    asked(store, disk, content);
  }

  private static void asked(BlobStore store, RecordingDisk disk, byte[] content) {
    try {
      Optional<BlobStore.Blob> blob = store.open(Digest.of(content));
      if (blob.isPresent()) {
        blob.get().close();
        disk.promise(new Quay.There(Digest.of(content)));
      }
    } catch (BlobStoreException _) {
      // nobody is told anything
    }
  }

  /** A client brings blobs and asks for them while one sync fails; then the next process opens. */
  @Test
  void acknowledgesNothingThatRestsOnASyncThatFailed() throws IOException {
    boolean failed = true;
    for (int syncs = 0; failed; syncs++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      BlobStore store = FileBlobStore.open(root.resolve("blobs"), new FailStopDisk(disk));
      disk.failSyncAfter(syncs);
      for (byte[] content : List.of(CARGO, new byte[] {1}, CARGO)) {
        tried(store, disk, content);
      }
      failed = !disk.failureIsToCome();
      disk.revive();
      BlobStore next = FileBlobStore.open(root.resolve("blobs"), new FailStopDisk(disk));
      for (byte[] content : List.of(CARGO, new byte[] {1})) {
        asked(next, disk, content);
        tried(next, disk, content);
      }
      PowerCut.play(
          "blobs, sync " + syncs + " failed",
          disk.tape(),
          STATES / 10,
          14 + syncs,
          FileBlobStorePowerCutTest::check);
    }
  }

  /** Left by a killed process, found while its folder's sync fails, and asked for once more. */
  private Tape askedTwice(boolean failStop) throws IOException {
    var disk = new RecordingDisk(root);
    BlobStore killed = FileBlobStore.open(root.resolve("blobs"), disk);
    BlobStore.Ingest ingest = killed.ingest();
    ingest.append(new ByteArrayInputStream(CARGO));
    disk.killAfter(4);
    assertThatThrownBy(() -> ingest.publish(Digest.of(CARGO)))
        .isInstanceOf(RecordingDisk.Killed.class);
    disk.revive();
    BlobStore store =
        FileBlobStore.open(root.resolve("blobs"), failStop ? new FailStopDisk(disk) : disk);
    disk.failSyncAfter(0);
    asked(store, disk, CARGO);
    asked(store, disk, CARGO);
    return disk.tape();
  }

  @Test
  void tellsNobodyOfABlobWhoseFoldersSyncFailedOnce() throws IOException {
    assertThat(found(askedTwice(true))).isFalse();
    clear();
    make();
    assertThat(found(askedTwice(false))).as("a disk that goes on").isTrue();
  }

  @Test
  void deletesWhatIsAskedFor() throws IOException {
    var disk = new RecordingDisk(root);
    BlobStore store = FileBlobStore.open(root.resolve("blobs"), disk);
    bring(store, disk, CARGO);
    disk.promise(new Quay.Open(Digest.of(CARGO)));
    store.delete(Digest.of(CARGO), Instant.MAX);
    bring(store, disk, CARGO);
    PowerCut.play("a blob deleted", disk.tape(), FEW, 13, FileBlobStorePowerCutTest::check);
  }
}
