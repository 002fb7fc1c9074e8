// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the unix sockets of an installation lie: in {@code DIR/run}, or, where that path is too
 * long for a socket's address, in the user's runtime folder. Always a folder of its owner alone.
 */
final class SocketFolder {
  /** Linux has room for 107 bytes; some stays free for the name. */
  private static final int LONGEST = 85;

  private SocketFolder() {}

  static Path of(Path dataDir, String installation) throws IOException {
    Path run = dataDir.resolve("run");
    Path pointer = run.resolve("admin.sock.path");
    Disk.local().deleteIfExists(pointer);
    if (run.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return run;
    }
    Path folder = runtimeFolder(installation);
    Disk.local()
        .replace(pointer, (folder.resolve("admin.sock") + "\n").getBytes(StandardCharsets.UTF_8));
    return folder;
  }

  private static Path runtimeFolder(String installation) throws IOException {
    String xdg = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "");
    Path base = xdg.startsWith("/") ? Path.of(xdg) : Path.of("/tmp");
    Path folder = base.resolve("holdfast-" + installation);
    var alone = PosixFilePermissions.fromString("rwx------");
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Disk.local().makeDirectory(folder);
    }
    boolean ours =
        Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")))
            && Files.getPosixFilePermissions(folder).equals(alone);
    if (!ours) {
      throw new Refusal(folder + " is not a folder of yours alone; remove it");
    }
    return folder;
  }
}
