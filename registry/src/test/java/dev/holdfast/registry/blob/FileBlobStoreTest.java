// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;

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
}
