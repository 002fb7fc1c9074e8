// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a host allows beyond the defaults, in a JSON file of root's that the platform
 * cannot change.
 *
 * @param bindMounts folders that containers may mount, with what lies below them
 * @param capabilities Linux capabilities that containers may add, without {@code CAP_}
 * @param pidsLimit the most processes of a container, default 4096
 * @param logMaxSize the size at which a container's log file is rotated, default 10m
 * @param logMaxFiles how many log files a container keeps, default 3
 */
public record HostRules(
    List<BindMount> bindMounts,
    List<String> capabilities,
    @Nullable Integer pidsLimit,
    @Nullable String logMaxSize,
    @Nullable Integer logMaxFiles) {

  /** A folder that containers may mount. */
  public record BindMount(String path, boolean readOnly) {}

  /** The rules of a host without a file. */
  public static final HostRules DEFAULT = new HostRules(List.of(), List.of(), null, null, null);

  int pids() {
    return pidsLimit == null ? 4096 : pidsLimit;
  }

  String logSize() {
    return logMaxSize == null ? "10m" : logMaxSize;
  }

  int logFiles() {
    return logMaxFiles == null ? 3 : logMaxFiles;
  }

  /**
   * Reads the file; where there is none the defaults hold.
   *
   * @throws IOException where the file is not root's alone to write, or is no such document: the
   *     agent must not start, since a rule might be missing
   */
  public static HostRules load(Path file) throws IOException {
    try {
      Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || !owner.equals(0)
          || permissions.contains(PosixFilePermission.GROUP_WRITE)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(file + " must be a file of root's that only root can write");
      }
      return RecordCodec.of(HostRules.class).read(Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return DEFAULT;
    } catch (Json.MalformedJson e) {
      throw new IOException(file + " is no host policy: " + e.getMessage(), e);
    }
  }
}
