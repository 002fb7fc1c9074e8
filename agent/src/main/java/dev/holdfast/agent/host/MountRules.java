// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import dev.holdfast.agent.host.HostPolicy.TaskScope;
import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of its host a container may mount: the volumes of its task, and the folders that the host
 * lists.
 *
 * <p>The engine follows links when the container starts, after all checks. So nothing below a
 * folder that containers may write to is mounted by a path of its own: another container could put
 * a link there meanwhile.
 */
final class MountRules {
  private static final Set<String> OPTIONS = Set.of("Type", "Source", "Target", "ReadOnly");

  /** Characters of what is told to the platform, in the head of a request. */
  private static final int MOST_TOLD = 3000;

  private final HostRules rules;
  private final List<Path> closed;

  MountRules(HostRules rules, List<Path> closed) {
    this.rules = rules;
    this.closed = List.copyOf(closed);
  }

  /**
   * The words for the folders that may be mounted and for what never is, under the names that the
   * owner wrote and those that they really have; none at all where they are too many to be told.
   */
  Set<String> grants() {
    var grants = new TreeSet<String>();
    grants.add(HostGrants.MOUNTS);
    for (HostRules.BindMount rule : rules.bindMounts()) {
      grants.add(HostGrants.mount(rule.path(), rule.readOnly()));
      Path folder = real(Path.of(rule.path()));
      if (folder != null) {
        grants.add(HostGrants.mount(folder.toString(), rule.readOnly()));
      }
    }
    for (Path path : closed) {
      Path there = real(path);
      grants.add(HostGrants.closed(path.toString()));
      grants.add(HostGrants.closed(there == null ? path.toString() : there.toString()));
    }
    int length = grants.stream().mapToInt(String::length).sum();
    return length > MOST_TOLD ? Set.of() : grants;
  }

  /** Whether these are mounts at all; the rules that each of them breaks are noted. */
  boolean check(JsonValue value, TaskScope scope, List<String> broken) {
    if (!(value instanceof JsonArray(var mounts))) {
      return false;
    }
    mounts.forEach(
        mount -> checkOne(mount instanceof JsonObject o ? o : JsonObject.EMPTY, scope, broken));
    return true;
  }

  private static void checkOne(JsonObject mount, TaskScope scope, List<String> broken) {
    for (String option : mount.members().keySet()) {
      if (!OPTIONS.contains(option)) {
        broken.add("the mount option " + option);
      }
    }
    String type = mount.string("Type");
    String source = mount.string("Source");
    if ("volume".equals(type)) {
      if (source == null || !scope.volumes().contains(source)) {
        broken.add("a volume that is not the task's own");
      }
    } else if (!"bind".equals(type)) {
      broken.add("mounts of type " + type);
    }
  }

  /** The mounts with their links resolved, so that a link cannot lead out of what is listed. */
  JsonArray resolved(List<JsonValue> mounts, List<String> broken) {
    var real = new ArrayList<JsonValue>();
    for (JsonValue value : mounts) {
      real.add(
          value instanceof JsonObject mount && "bind".equals(mount.string("Type"))
              ? resolved(mount, broken)
              : value);
    }
    return new JsonArray(real);
  }

  private JsonObject resolved(JsonObject mount, List<String> broken) {
    String source = mount.string("Source");
    try {
      Path real = Path.of(source == null ? "" : source).toRealPath();
      if (listed(real, mount.isTrue("ReadOnly")) && !closes(real)) {
        return mount.with("Source", real.toString());
      }
    } catch (IOException | InvalidPathException _) {
      // Falls through: what cannot be resolved is not listed.
    }
    broken.add("the bind mount " + source + ", which its policy file does not list");
    return mount;
  }

  private boolean listed(Path real, boolean readOnly) {
    boolean listed = false;
    for (HostRules.BindMount rule : rules.bindMounts()) {
      Path folder = real(Path.of(rule.path()));
      if (folder == null || !real.startsWith(folder)) {
        continue;
      }
      if (!rule.readOnly() && !real.equals(folder)) {
        return false;
      }
      listed |= !rule.readOnly() || readOnly;
    }
    return listed;
  }

  /** Whether a mount would hold something closed, or be in it. */
  private boolean closes(Path source) {
    for (Path path : closed) {
      Path there = real(path);
      if (there != null && (there.startsWith(source) || source.startsWith(there))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return null;
    }
  }
}
