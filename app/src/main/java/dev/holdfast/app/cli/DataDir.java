// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One installation's data directory and the places in it that other processes know. */
public record DataDir(Path path) {

  /** Longest path that fits a unix socket address on Linux with room to spare, in bytes. */
  static final int LONGEST_SOCKET_PATH = 100;

  public DataDir {
    path = path.toAbsolutePath().normalize();
  }

  /** The directory named on the command line, else the user's own (XDG base directories). */
  static DataDir of(@Nullable Path named, Map<String, String> environment) {
    if (named != null) {
      return new DataDir(named);
    }
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    Path base =
        xdg.startsWith("/")
            ? Path.of(xdg)
            : Path.of(home.isEmpty() ? "/root" : home, ".local", "share");
    return new DataDir(base.resolve("holdfast"));
  }

  Path runDir() {
    return path.resolve("run");
  }

  public Path lockFile() {
    return runDir().resolve("server.lock");
  }

  Path pidFile() {
    return path.resolve("server.pid");
  }

  Path serverLog() {
    return path.resolve("logs").resolve("server.log");
  }

  /** Lies here while it is known that no container of this installation is left. */
  Path nothingLeft() {
    return runDir().resolve("nothing-left");
  }

  Path binDir() {
    return path.resolve("bin");
  }

  /**
   * The admin socket. Where its path would be too long for a socket address it lies in the user's
   * runtime folder, and {@code run/admin.sock.path} holds its place.
   */
  Path adminSocket() {
    Path plain = runDir().resolve("admin.sock");
    Path pointer = runDir().resolve("admin.sock.path");
    if (plain.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH
        || !Files.exists(pointer)) {
      return plain;
    }
    try {
      return Path.of(Files.readString(pointer).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process id in {@code server.pid}; empty where there is none or it is no number. */
  Optional<Long> pid() {
    try {
      return Optional.of(Long.parseLong(Files.readString(pidFile()).strip()));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** Whether the directory has ever held an installation. */
  boolean exists() {
    return Files.isDirectory(runDir());
  }

  /** Makes the directory and its folders on this machine's disk. */
  public void create() throws IOException {
    create(Disk.local());
  }

  /** Makes the directory and its folders, durably and readable by their owner alone. */
  void create(Disk disk) throws IOException {
    var owner = PosixFilePermissions.fromString("rwx------");
    for (Path folder : new Path[] {path, runDir(), serverLog().resolveSibling(".")}) {
      Path normal = folder.normalize();
      boolean fresh = !Files.exists(normal);
      // What is in the directory already, the server makes durable when it reads it.
      if (fresh || normal.equals(path)) {
        disk.makeDirectories(normal);
      }
      if (fresh || normal.equals(runDir())) {
        Files.setPosixFilePermissions(normal, owner);
      }
    }
  }
}
