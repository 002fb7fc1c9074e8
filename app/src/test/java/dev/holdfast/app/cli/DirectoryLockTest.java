// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryLockTest {
  @TempDir Path dir;

  static DirectoryLock heldElsewhere(Path file) throws IOException {
    return DirectoryLock.tryAcquire(file).orElseThrow();
  }

  @Test
  void oneHoldsIt() throws IOException {
    Path file = dir.resolve("lock");
    assertThat(DirectoryLock.held(file)).isFalse();
    try (var _ = heldElsewhere(file)) {
      assertThat(DirectoryLock.held(file)).isTrue();
      assertThat(DirectoryLock.tryAcquire(file)).isEmpty();
    }
    assertThat(DirectoryLock.held(file)).isFalse();
  }
}
