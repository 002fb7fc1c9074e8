// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with a limit is a store like any other while there is room, and ends uploads in time. */
final class LimitedBlobStoreTest extends BlobStoreContract {
  @TempDir private Path folder;
  private final AtomicLong asked = new AtomicLong();
  private long most = Long.MAX_VALUE;

  @Override
  protected BlobStore store() throws IOException {
    return new LimitedBlobStore(
        FileBlobStore.open(folder.resolve("blobs")),
        () -> {
          if (asked.incrementAndGet() > most) {
            throw new BlobStoreException(BlobStoreException.FULL, true, new IOException("full"));
          }
        });
  }

  @Override
  protected int debris() throws IOException {
    try (var files = Files.list(folder.resolve("blobs").resolve("uploads"))) {
      return (int) files.count();
    }
  }

  @Test
  void endsAnUploadInItsMiddleOnceThereIsNoRoomLeft() throws Exception {
    BlobStore store = store();
    most = 3;
    try (BlobStore.Ingest ingest = store.ingest()) {
      assertThatThrownBy(() -> ingest.append(new ByteArrayInputStream(new byte[8 << 20])))
          .isInstanceOf(BlobStoreException.class)
          .hasMessageContaining("disk is full");
    }
    assertThat(debris()).isZero();
    assertThatThrownBy(store::ingest).isInstanceOf(BlobStoreException.class);
    most = Long.MAX_VALUE;
    byte[] small = {1, 2, 3};
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(new ByteArrayInputStream(small));
      assertThat(ingest.publish(Digest.of(small))).isTrue();
    }
  }
}
