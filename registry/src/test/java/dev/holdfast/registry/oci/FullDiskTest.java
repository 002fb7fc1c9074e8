// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import static dev.holdfast.registry.OciClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.registry.OciClient;
import dev.holdfast.registry.RegistryHarbor;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  /** Takes 100,000 bytes an upload and no more. */
  private record Small(BlobStore store) implements BlobStore {
    @Override
    public Ingest ingest() throws BlobStoreException {
      Ingest ingest = store.ingest();
      return new Ingest() {
        @Override
        public long size() {
          return ingest.size();
        }

        @Override
        public long append(InputStream in) throws IOException {
          byte[] bytes = in.readNBytes(100_001);
          if (bytes.length > 100_000) {
            throw new BlobStoreException(
                BlobStoreException.FULL, true, new IOException("No space left on device"));
          }
          return ingest.append(new java.io.ByteArrayInputStream(bytes));
        }

        @Override
        public boolean publish(Digest expected) throws BlobStoreException {
          return ingest.publish(expected);
        }

        @Override
        public void close() {
          ingest.close();
        }
      };
    }

    @Override
    public Optional<Blob> open(Digest digest) throws BlobStoreException {
      return store.open(digest);
    }

    @Override
    public List<Digest> all() throws BlobStoreException {
      return store.all();
    }

    @Override
    public boolean quarantine(Digest digest) throws BlobStoreException {
      return store.quarantine(digest);
    }

    @Override
    public List<Digest> quarantined() throws BlobStoreException {
      return store.quarantined();
    }

    @Override
    public Map<Digest, String> stuck() {
      return store.stuck();
    }

    @Override
    public boolean delete(Digest digest, Instant since) throws BlobStoreException {
      return store.delete(digest, since);
    }
  }

  @Test
  void saysThatTheDiskIsFullAndLeavesNothing(@TempDir Path root) throws Exception {
    var store = new Small(FileBlobStore.open(root));
    try (var harbor = new RegistryHarbor(store, Profile.DEV, 0);
        var client = new OciClient(harbor, harbor.authorization())) {
      harbor.repository("shop/web");
      byte[] large = new byte[3_000_000];
      HttpResponse<byte[]> response =
          client.send("POST", "/v2/shop/web/blobs/uploads/?digest=" + Digest.of(large), large);
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(text(response)).contains("the registry's disk is full; free some space");
      assertThat(text(response)).as("docker gives up at DENIED").contains("\"UNAVAILABLE\"");
      try (Stream<Path> uploads = Files.list(root.resolve("uploads"))) {
        assertThat(uploads).isEmpty();
      }
      assertThat(client.blob("shop/web", new byte[10])).isEqualTo(Digest.of(new byte[10]));
    }
  }
}
