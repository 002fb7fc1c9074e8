// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static void push(BlobStore store, byte[] content, Digest digest) throws IOException {
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(new ByteArrayInputStream(content));
      assertThat(ingest.publish(digest)).isTrue();
    }
  }
}
