// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.FailingDisk;
import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {
  @TempDir Path root;

  @Override
  protected BlobStore store() throws IOException {
    return FileBlobStore.open(root);
  }

  @Override
  protected int debris() throws IOException {
    try (Stream<Path> uploads = Files.list(root.resolve("uploads"))) {
      return (int) uploads.count();
    }
  }

  @Test
  void removesDeadUploadsWhenItOpens() throws IOException {
    BlobStore.Ingest killed = FileBlobStore.open(root).ingest();
    killed.append(new ByteArrayInputStream(new byte[1000]));
    assertThat(debris()).isEqualTo(1);
    assertThat(FileBlobStore.open(root).all()).isEmpty();
    assertThat(debris()).isZero();
  }

  /** Who completes an upload links the blob next: its age is that of its name, not of its bytes. */
  @Test
  void aBlobIsAsOldAsItsNameHoweverLongItsBytesWaited() throws IOException {
    BlobStore store = store();
    byte[] content = {1, 2, 3};
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(new ByteArrayInputStream(content));
      try (Stream<Path> uploads = Files.list(root.resolve("uploads"))) {
        Files.setLastModifiedTime(uploads.findFirst().orElseThrow(), FileTime.from(Instant.EPOCH));
      }
      assertThat(ingest.publish(Digest.of(content))).isTrue();
    }
    assertThat(store.delete(Digest.of(content), Instant.EPOCH.plusSeconds(60))).isFalse();
    assertThat(store.all()).containsExactly(Digest.of(content));
  }

  @Test
  void setsADamagedBlobAsideUntilItComesAgain() throws IOException {
    BlobStore store = store();
    byte[] content = new byte[100_000];
    Digest digest = Digest.of(content);
    push(store, content, digest);
    assertThat(store.quarantine(digest)).as("an intact one stays").isFalse();
    Path file = root.resolve("sha256").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    content[50_000] = 1;
    Files.write(file, content);

    assertThat(store.verify(digest)).isEqualTo(BlobStore.Verdict.DAMAGED);
    assertThat(store.quarantine(digest)).isTrue();

    assertThat(store.open(digest)).isEmpty();
    assertThat(store.quarantined()).containsExactly(digest);
    assertThat(root.resolve("quarantine").resolve(digest.hex() + "-1")).hasBinaryContent(content);
    content[50_000] = 0;
    push(store, content, digest);
    assertThat(store.verify(digest)).isEqualTo(BlobStore.Verdict.INTACT);
    assertThat(store.quarantined()).isEmpty();
  }

  @Test
  void keepsInMindThatABlobIsMissing() throws IOException {
    BlobStore store = store();
    Digest digest = Digest.of(new byte[7]);
    assertThat(store.quarantine(digest)).isTrue();
    assertThat(store.quarantine(digest)).isTrue();
    assertThat(store.quarantined()).containsExactly(digest);
    push(store, new byte[7], digest);
    assertThat(store.quarantined()).isEmpty();
  }

  private static final String NO_SPACE = "No space left on device";

  private Path folder(Digest digest) {
    return root.resolve("sha256").resolve(digest.hex().substring(0, 2));
  }

  /** Opens a blob, and says of which folders that took a sync. */
  private static List<Path> synced(BlobStore store, FailingDisk disk, Digest digest)
      throws IOException {
    var synced = new ArrayList<Path>();
    disk.failAll(path -> !synced.add(path), "");
    store.open(digest).orElseThrow().close();
    disk.mend();
    return synced;
  }

  @Test
  void aReaderSyncsNothingOnceTheNameIsDurable() throws IOException {
    var disk = new FailingDisk();
    byte[] content = new byte[100];
    Digest digest = Digest.of(content);
    push(FileBlobStore.open(root), content, digest);
    BlobStore next = FileBlobStore.open(root, disk);
    assertThat(synced(next, disk, digest)).as("left by another").containsExactly(folder(digest));
    assertThat(synced(next, disk, digest)).isEmpty();
  }

  @Test
  void aBlobThatIsBroughtAgainWithoutSpaceForItsSyncStaysAsDurableAsItWas() throws IOException {
    var disk = new FailingDisk();
    BlobStore store = FileBlobStore.open(root, disk);
    byte[] content = new byte[100];
    Digest digest = Digest.of(content);
    push(store, content, digest);
    disk.failNext(folder(digest)::equals, NO_SPACE);
    assertThatThrownBy(() -> push(store, content, digest)).isInstanceOf(BlobStoreException.class);
    assertThat(disk.isToFail()).isFalse();
    assertThat(synced(store, disk, digest)).isEmpty();
  }

  @Test
  void aBlobThatTwoBroughtWithoutSpaceForItsSyncIsGoneUntilItComesAgain() throws IOException {
    var disk = new FailingDisk();
    BlobStore store = FileBlobStore.open(root, disk);
    byte[] content = new byte[100];
    Digest digest = Digest.of(content);
    var other = new AtomicBoolean();
    // The second brings it while the first waits for the sync.
    disk.failAll(
        path -> {
          if (path.equals(folder(digest)) && other.compareAndSet(false, true)) {
            assertThatThrownBy(() -> push(store, content, digest))
                .isInstanceOf(BlobStoreException.class);
          }
          return path.equals(folder(digest));
        },
        NO_SPACE);
    assertThatThrownBy(() -> push(store, content, digest)).isInstanceOf(BlobStoreException.class);
    assertThat(other).isTrue();
    disk.mend();
    assertThat(store.open(digest)).isEmpty();
    push(store, content, digest);
    assertThat(synced(store, disk, digest)).isEmpty();
  }

  @Test
  void oneOfTwoWhoFindsSpaceKeepsTheBlobForBoth() throws IOException {
    var disk = new FailingDisk();
    BlobStore store = FileBlobStore.open(root, disk);
    byte[] content = new byte[100];
    Digest digest = Digest.of(content);
    var syncs = new AtomicInteger();
    disk.failAll(
        path -> {
          if (!path.equals(folder(digest)) || syncs.incrementAndGet() > 1) {
            return false;
          }
          try {
            push(store, content, digest);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return true;
        },
        NO_SPACE);
    assertThatThrownBy(() -> push(store, content, digest)).isInstanceOf(BlobStoreException.class);
    assertThat(syncs).hasValue(2);
    disk.mend();
    assertThat(synced(store, disk, digest)).isEmpty();
  }

  private static void push(BlobStore store, byte[] content, Digest digest) throws IOException {
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(new ByteArrayInputStream(content));
      assertThat(ingest.publish(digest)).isTrue();
    }
  }
}
