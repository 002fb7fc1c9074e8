// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of what a host's owner may allow beyond what every host gives, as agents tell them and
 * tasks need them. The host itself decides; these words only let a task find a host that takes it.
 */
public final class HostGrants {
  /** Namespaces that the containers of a task share, which every agent of ours gives. */
  public static final String SHARED = "sharedNamespaces";

  /** Said by an agent that holds the containers of a task to the task's own limits together. */
  public static final String TASK_LIMITS = "taskLimits";

  public static final String NETWORK = "hostNetwork";
  public static final String PID = "hostPid";
  public static final String IPC = "hostIpc";

  /** Followed by the capability's name without {@code CAP_}. */
  public static final String CAPABILITY = "capability:";

  /** Followed by the kernel parameter's name. */
  public static final String SYSCTL = "sysctl:";

  /** Said by an agent that tells which folders its host gives; of another none is asked for. */
  public static final String MOUNTS = "bindMounts";

  /** Followed by the path of a folder that containers may write to. */
  public static final String MOUNT = "bindMount:";

  /** Followed by the path of a folder that containers may read, with what lies below it. */
  public static final String MOUNT_READ_ONLY = "bindMountReadOnly:";

  /** Followed by a path that no container gets, with all that holds it, whatever is listed. */
  public static final String CLOSED = "closed:";

  /**
   * Kernel parameters that every host gives: each namespace has its own, and none takes anything
   * from the host or lets a packet go where it otherwise could not.
   */
  public static final Set<String> SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.core.somaxconn",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_max_syn_backlog",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.tcp_tw_reuse");

  /** Parameters that the kernel keeps per network or IPC namespace; the engine takes no others. */
  private static final Pattern NAMESPACED =
      Pattern.compile(
          "net\\.[a-z0-9_.-]{1,100}|fs\\.mqueue\\.[a-z0-9_]{1,50}"
              + "|kernel\\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)");

  private static final Pattern VALUE = Pattern.compile("[0-9][0-9 \\t,-]{0,127}|-1");

  private HostGrants() {}

  /** The word for a folder of the host; it can stand in a list with commas. */
  public static String mount(String path, boolean readOnly) {
    return (readOnly ? MOUNT_READ_ONLY : MOUNT) + word(path);
  }

  /** The word for what no container gets. */
  public static String closed(String path) {
    return CLOSED + word(path);
  }

  private static String word(String path) {
    return normal(path).replace("%", "%25").replace(",", "%2C");
  }

  /** The folder that a word names, or null where it names none. */
  public static @Nullable String folder(String word) {
    return word.startsWith(MOUNT)
        ? path(word, MOUNT)
        : word.startsWith(MOUNT_READ_ONLY) ? path(word, MOUNT_READ_ONLY) : null;
  }

  private static String path(String word, String kind) {
    return word.substring(kind.length()).replace("%2C", ",").replace("%25", "%");
  }

  /** Whether a folder holds, or lies in, what no container of a host gets. */
  public static boolean closes(String folder, Set<String> grants) {
    return grants.stream()
        .filter(g -> g.startsWith(CLOSED))
        .map(g -> path(g, CLOSED))
        .anyMatch(there -> within(there, folder) || within(folder, there));
  }

  /** What of these needs a host does not allow, as far as its agent tells. */
  public static Set<String> missing(Set<String> needs, Set<String> grants) {
    if (needs.isEmpty()) {
      return Set.of();
    }
    var missing = new TreeSet<String>();
    for (String need : needs) {
      String folder = folder(need);
      boolean allowed =
          folder == null
              ? grants.contains(need)
              : !grants.contains(MOUNTS) || mounts(folder, need.startsWith(MOUNT), grants);
      if (!allowed) {
        missing.add(need);
      }
    }
    return missing;
  }

  /** As the host decides, but that it follows links before. */
  private static boolean mounts(String folder, boolean writes, Set<String> grants) {
    boolean listed = false;
    if (closes(folder, grants)) {
      return false;
    }
    for (String grant : grants) {
      String given = folder(grant);
      if (given == null || !within(folder, given)) {
        continue;
      }
      boolean writable = grant.startsWith(MOUNT);
      if (writable && !today(folder).equals(today(given))) {
        return false;
      }
      listed |= writable || !writes;
    }
    return listed;
  }

  private static boolean within(String there, String in) {
    String path = today(there);
    String folder = today(in);
    return path.equals(folder)
        || folder.equals("/")
        || (path.startsWith(folder) && path.charAt(folder.length()) == '/');
  }

  /** What every Linux has a link for, by the name that the link leads to. */
  private static String today(String path) {
    return path.equals("/var/run") || path.startsWith("/var/run/")
        ? path.substring("/var".length())
        : path;
  }

  /** An absolute path without {@code .}, {@code ..} and doubled or closing slashes. */
  private static String normal(String path) {
    var names = new ArrayDeque<String>();
    for (String name : path.split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." -> names.pollLast();
        default -> names.addLast(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /** Whether a namespace has a parameter of that name for itself. */
  public static boolean namespaced(String sysctl) {
    return NAMESPACED.matcher(sysctl).matches();
  }

  /** Whether a text is a value: numbers, ranges and lists of them. */
  public static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }
}
