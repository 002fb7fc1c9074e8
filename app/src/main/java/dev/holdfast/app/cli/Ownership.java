// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a data directory is its server's alone: looked at before anything in it is touched, since
 * files of another owner would be found missing one by one, at the worst of times.
 */
final class Ownership {
  private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final Set<PosixFilePermission> READ_OF_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private Ownership() {}

  /**
   * Looks at the directory and at what lies in it.
   *
   * @throws CliFailure naming the file and what to type
   */
  static void check(DataDir dir) throws IOException {
    if (!Files.exists(dir.path())) {
      return;
    }
    if (!Files.isDirectory(dir.path())) {
      throw new CliFailure(dir.path() + " is a file; name a directory: --data-dir DIR");
    }
    UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
    check(dir.path(), self, false, "go-w");
    for (String name : new String[] {"run", "state", "blobs", "logs", "agent"}) {
      check(dir.path().resolve(name), self, false, "go-w");
    }
    check(dir.path().resolve("installation.json"), self, false, "go-w");
    for (String name : new String[] {"keyring.json", "root.key"}) {
      check(dir.path().resolve(name), self, false, "600");
      check(dir.path().resolve(name), self, true, "600");
    }
  }

  private static void check(Path file, UserPrincipal self, boolean secret, String mode)
      throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var found = Files.readAttributes(file, PosixFileAttributes.class);
    if (!found.owner().equals(self)) {
      throw new CliFailure(
          "%s belongs to %s and this is %s: start as its owner, or give it back: chown -R %s %s"
              .formatted(
                  file,
                  found.owner().getName(),
                  self.getName(),
                  self.getName(),
                  Shell.quote(file.toString())));
    }
    if (found.permissions().stream()
        .anyMatch((secret ? READ_OF_OTHERS : WRITE_OF_OTHERS)::contains)) {
      throw new CliFailure(
          "%s can be %s by others: chmod %s %s"
              .formatted(file, secret ? "read" : "changed", mode, Shell.quote(file.toString())));
    }
  }
}
