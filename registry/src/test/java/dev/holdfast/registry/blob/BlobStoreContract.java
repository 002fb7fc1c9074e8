// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every blob store keeps. */
public abstract class BlobStoreContract {
  /** A fresh, empty store. */
  protected abstract BlobStore store() throws IOException;

  /** How many uploads have left something behind. */
  protected abstract int debris() throws IOException;

  private static InputStream stream(byte[] content) {
    return new ByteArrayInputStream(content);
  }

  private static byte[] read(BlobStore store, Digest digest, long from, long length)
      throws IOException {
    try (BlobStore.Blob blob = store.open(digest).orElseThrow()) {
      var out = new ByteArrayOutputStream();
      blob.copy(from, length, out);
      return out.toByteArray();
    }
  }

  private static Digest bring(BlobStore store, byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(stream(content));
      assertThat(ingest.publish(digest)).isTrue();
    }
    return digest;
  }

  @Test
  void keepsWhatComesInParts() throws IOException {
    BlobStore store = store();
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    Digest digest = Digest.of(content);
    try (BlobStore.Ingest ingest = store.ingest()) {
      assertThat(ingest.append(new ByteArrayInputStream(content, 0, 100_001))).isEqualTo(100_001);
      assertThat(ingest.append(new ByteArrayInputStream(content, 100_001, 199_999)))
          .isEqualTo(199_999);
      assertThat(ingest.size()).isEqualTo(300_000);
      assertThat(store.open(digest)).isEmpty();
      assertThat(ingest.publish(digest)).isTrue();
    }
    assertThat(read(store, digest, 0, content.length)).isEqualTo(content);
    assertThat(read(store, digest, 299_998, 2)).containsExactly(content[299_998], content[299_999]);
    assertThat(store.all()).containsExactly(digest);
    assertThat(debris()).isZero();
  }

  @Test
  void keepsNothingUnderAnotherDigest() throws IOException {
    BlobStore store = store();
    Digest wrong = Digest.of("other".getBytes(StandardCharsets.UTF_8));
    try (BlobStore.Ingest ingest = store.ingest()) {
      ingest.append(stream("content".getBytes(StandardCharsets.UTF_8)));
      assertThat(ingest.publish(wrong)).isFalse();
    }
    assertThat(store.all()).isEmpty();
    assertThat(debris()).isZero();
  }

  @Test
  void leavesNothingOfAnUploadThatEnds() throws IOException {
    BlobStore store = store();
    try (BlobStore.Ingest ingest = store.ingest()) {
      var cut =
          new InputStream() {
            @Override
            public int read() throws IOException {
              throw new IOException("cut");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
              throw new IOException("cut");
            }
          };
      var broken = new SequenceInputStream(stream(new byte[100_000]), cut);
      assertThatThrownBy(() -> ingest.append(broken)).hasMessage("cut");
    }
    assertThat(store.all()).isEmpty();
    assertThat(debris()).isZero();
  }

  @Test
  void keepsTheEmptyBlob() throws IOException {
    BlobStore store = store();
    Digest digest = bring(store, new byte[0]);
    assertThat(read(store, digest, 0, 0)).isEmpty();
  }

  @Test
  void takesOneBlobFromManyWriters() throws Exception {
    BlobStore store = store();
    byte[] content = new byte[1_000_000];
    new Random(2).nextBytes(content);
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Callable<Digest>>();
      for (int i = 0; i < 16; i++) {
        all.add(() -> bring(store, content));
      }
      for (Future<Digest> one : writers.invokeAll(all)) {
        assertThat(one.get()).isEqualTo(Digest.of(content));
      }
    }
    assertThat(store.all()).containsExactly(Digest.of(content));
    assertThat(read(store, Digest.of(content), 0, content.length)).isEqualTo(content);
    assertThat(debris()).isZero();
  }

  @Test
  void deletesOnlyWhatIsOld() throws IOException {
    BlobStore store = store();
    Digest digest = bring(store, new byte[] {1});
    assertThat(store.delete(digest, Instant.EPOCH)).isFalse();
    assertThat(store.open(digest)).isPresent().get().satisfies(BlobStore.Blob::close);
    assertThat(store.delete(digest, Instant.MAX)).isTrue();
    assertThat(store.open(digest)).isEmpty();
    assertThat(store.all()).isEqualTo(List.of());
  }
}
