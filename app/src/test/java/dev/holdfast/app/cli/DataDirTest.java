// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirTest {
  @TempDir Path dir;

  @Test
  void liesInTheUsersDataFolder() {
    assertThat(DataDir.of(null, Map.of("HOME", "/home/u")).path())
        .isEqualTo(Path.of("/home/u/.local/share/holdfast"));
    assertThat(DataDir.of(null, Map.of("HOME", "/home/u", "XDG_DATA_HOME", "/data")).path())
        .isEqualTo(Path.of("/data/holdfast"));
    assertThat(DataDir.of(null, Map.of("HOME", "/home/u", "XDG_DATA_HOME", "relative")).path())
        .isEqualTo(Path.of("/home/u/.local/share/holdfast"));
  }

  @Test
  void followsTheSocketIntoTheRuntimeFolder() throws IOException {
    var deep = new DataDir(dir.resolve("a".repeat(100)));
    deep.create();
    Files.writeString(deep.runDir().resolve("admin.sock.path"), "/run/user/1/x.sock\n");

    assertThat(deep.adminSocket()).isEqualTo(Path.of("/run/user/1/x.sock"));
  }

  @Test
  void isTheOwnersAlone() throws IOException {
    var fresh = new DataDir(dir.resolve("fresh"));
    fresh.create();

    for (Path folder : new Path[] {fresh.path(), fresh.runDir()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aSpoiltProcessIdIsNone() throws IOException {
    Files.writeString(new DataDir(dir).pidFile(), "not a number");

    assertThat(new DataDir(dir).pid()).isEmpty();
  }
}
