// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.RecordCodec;
import dev.holdfast.kit.fuzz.Fuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationFuzzTest {
  @TempDir Path folder;

  @Test
  void theFileIsReadOrRefused() {
    Fuzz.run(InstallationFuzzTest.class, "installation", this::installation);
  }

  String installation(byte[] input) throws IOException {
    Path file = folder.resolve("installation.json");
    Files.write(file, input);
    Optional<Installation> read = Installation.readable(file);
    if (read.isEmpty()) {
      return "refused";
    }
    assertThat(read.get().id()).matches("[0-9a-f]{12}");
    Files.write(file, RecordCodec.of(Installation.class).bytes(read.get()));
    assertThat(Installation.readable(file)).isEqualTo(read);
    return "read " + read.get().profile();
  }
}
