// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a host allows beyond the defaults, in a JSON file of root's that the platform
 * cannot change.
 *
 * @param bindMounts folders that containers may mount; of those that are read-only also what lies
 *     below them
 * @param capabilities Linux capabilities that containers may add, without {@code CAP_}
 * @param pidsLimit the most processes of a container, default 4096
 * @param logMaxSize the size at which a container's log file is rotated, default 10m
 * @param logMaxFiles how many log files a container keeps, default 3
 * @param refuseRoot whether a container must run as another user than root, named by its number
 * @param sysctls kernel parameters of a namespace that containers may set, beside the harmless ones
 * @param hostNetwork whether tasks may use the host's own network
 * @param hostPid whether containers may see the host's processes
 * @param hostIpc whether containers may share the host's memory segments and queues
 */
public record HostRules(
    List<BindMount> bindMounts,
    List<String> capabilities,
    @Nullable Integer pidsLimit,
    @Nullable String logMaxSize,
    @Nullable Integer logMaxFiles,
    @Nullable Boolean refuseRoot,
    List<String> sysctls,
    @Nullable Boolean hostNetwork,
    @Nullable Boolean hostPid,
    @Nullable Boolean hostIpc) {
  private static final Set<String> MEMBERS =
      Set.of(
          "bindMounts",
          "capabilities",
          "pidsLimit",
          "logMaxSize",
          "logMaxFiles",
          "refuseRoot",
          "sysctls",
          "hostNetwork",
          "hostPid",
          "hostIpc");
  private static final Set<String> MOUNT_MEMBERS = Set.of("path", "readOnly");

  /** A folder that containers may mount. */
  public record BindMount(String path, boolean readOnly) {}

  /** The rules of a host without a file. */
  public static final HostRules DEFAULT =
      new HostRules(List.of(), List.of(), null, null, null, null);

  /** Rules that say nothing of namespaces. */
  public HostRules(
      List<BindMount> bindMounts,
      List<String> capabilities,
      @Nullable Integer pidsLimit,
      @Nullable String logMaxSize,
      @Nullable Integer logMaxFiles,
      @Nullable Boolean refuseRoot) {
    this(
        bindMounts,
        capabilities,
        pidsLimit,
        logMaxSize,
        logMaxFiles,
        refuseRoot,
        List.of(),
        null,
        null,
        null);
  }

  boolean networkShared() {
    return Boolean.TRUE.equals(hostNetwork);
  }

  boolean pidShared() {
    return Boolean.TRUE.equals(hostPid);
  }

  boolean ipcShared() {
    return Boolean.TRUE.equals(hostIpc);
  }

  /** What the platform may know of these rules: the words by which a task finds a host. */
  public Set<String> grants() {
    var grants = new TreeSet<String>();
    grants.add(HostGrants.SHARED);
    add(grants, networkShared(), HostGrants.NETWORK);
    add(grants, pidShared(), HostGrants.PID);
    add(grants, ipcShared(), HostGrants.IPC);
    capabilities.forEach(name -> grants.add(HostGrants.CAPABILITY + name));
    sysctls.forEach(name -> grants.add(HostGrants.SYSCTL + name));
    return grants;
  }

  private static void add(Set<String> grants, boolean allowed, String name) {
    if (allowed) {
      grants.add(name);
    }
  }

  boolean rootRefused() {
    return Boolean.TRUE.equals(refuseRoot);
  }

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
   * @throws IOException where the file is not root's alone to write, is no such document, or has a
   *     member that means nothing here: the agent must not start, since a rule might be missing
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
      return parse(Files.readAllBytes(file), file);
    } catch (NoSuchFileException _) {
      return DEFAULT;
    }
  }

  /**
   * Reads a document.
   *
   * @param file its name in what is said of it
   * @throws IOException as for the file
   */
  static HostRules parse(byte[] bytes, Path file) throws IOException {
    try {
      JsonObject document = Json.parseObject(bytes);
      String unknown = unknown(document);
      if (unknown != null) {
        throw new IOException(file + " is no host policy: it has no member `" + unknown + "`");
      }
      return RecordCodec.of(HostRules.class).read(document).checked(file);
    } catch (Json.MalformedJson e) {
      throw new IOException(file + " is no host policy: " + e.getMessage(), e);
    }
  }

  /** A member that means nothing, since what is spelled wrong would be no rule; or null. */
  private static @Nullable String unknown(JsonObject document) {
    var names = new ArrayList<>(document.members().keySet());
    names.removeAll(MEMBERS);
    for (JsonValue mount : document.array("bindMounts")) {
      if (mount instanceof JsonObject object) {
        var own = new ArrayList<>(object.members().keySet());
        own.removeAll(MOUNT_MEMBERS);
        names.addAll(own);
      }
    }
    return names.isEmpty() ? null : names.getFirst();
  }

  private HostRules checked(Path file) throws IOException {
    for (BindMount mount : bindMounts) {
      if (!mount.path().startsWith("/")) {
        throw new IOException(file + " lists a folder that is no absolute path: " + mount.path());
      }
    }
    for (String name : sysctls) {
      if (!HostGrants.namespaced(name)) {
        throw new IOException(file + " lists a kernel parameter of no namespace: " + name);
      }
    }
    return this;
  }
}
