// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edit of {@code installation.json} is refused in words that undo it. */
class InstallationTest {
  @TempDir private Path dir;

  private Installation open() throws IOException {
    return Installation.open(dir, null, null, new SplittableRandom(1));
  }

  private void edit(String from, String to) throws IOException {
    Path file = dir.resolve("installation.json");
    Files.writeString(file, Files.readString(file).replace(from, to));
  }

  @Test
  void namesTheNearestKey() throws Exception {
    open();
    edit("\"rootKey\"", "\"rootkey\"");
    assertThatThrownBy(this::open)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(
            "has a key `rootkey`, which means nothing here; did you mean `rootKey`?")
        .hasMessageContaining("fsck --repair");
  }

  @Test
  void namesAllKeysWhereNoneIsNear() throws Exception {
    open();
    edit("{", "{\"colour\":\"red\",");
    assertThatThrownBy(this::open).hasMessageContaining("its keys are id, profile, account");
  }

  @Test
  void readsWhatItWrote() throws Exception {
    assertThat(open()).isEqualTo(open());
  }
}
