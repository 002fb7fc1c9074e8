// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What earlier formats left; {@code test/sample-store.sh} made it. */
final class Samples {
  /** Soon after the newest was made. */
  static final Instant MADE = Instant.parse("2026-11-26T14:00:00Z");

  private Samples() {}

  /** A clock that is not long after the newest was made: its lines of logs are kept for a week. */
  static InstantSource clock() {
    InstantSource system = InstantSource.system();
    return InstantSource.offset(system, Duration.between(system.instant(), MADE));
  }

  /** Unpacks the data directory of a format, with its root key in it. */
  static Path store(int format, Path dir) throws IOException {
    unpack("format-" + format + ".zip", dir);
    key("format-" + format + ".key", dir.resolve("root.key"));
    return dir;
  }

  /** The root key of a sample. */
  static void key(String name, Path file) throws IOException {
    try (InputStream key = open(name)) {
      Files.copy(key, file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  static void unpack(String name, Path dir) throws IOException {
    Files.createDirectory(
        dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (var zip = new ZipInputStream(open(name))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = dir.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(Objects.requireNonNull(file.getParent()));
          Files.copy(zip, file);
        }
      }
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(Samples.class.getResourceAsStream("/samples/" + name), name);
  }

  /** Every name below a folder with its mode and the hash of its bytes. */
  static Map<String, String> everything(Path folder) throws IOException {
    var found = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.toList()) {
        found.put(
            folder.relativize(path).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                + (Files.isDirectory(path)
                    ? ""
                    : " " + Hashes.sha256Hex(Files.readAllBytes(path))));
      }
    }
    return found;
  }
}
