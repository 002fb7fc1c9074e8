// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of what a host's owner may allow beyond what every host gives, as agents tell them and
 * tasks need them. The host itself decides; these words only let a task find a host that takes it.
 */
public final class HostGrants {
  /** Namespaces that the containers of a task share, which every agent of ours gives. */
  public static final String SHARED = "sharedNamespaces";

  public static final String NETWORK = "hostNetwork";
  public static final String PID = "hostPid";
  public static final String IPC = "hostIpc";

  /** Followed by the capability's name without {@code CAP_}. */
  public static final String CAPABILITY = "capability:";

  /** Followed by the kernel parameter's name. */
  public static final String SYSCTL = "sysctl:";

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

  /** Whether a namespace has a parameter of that name for itself. */
  public static boolean namespaced(String sysctl) {
    return NAMESPACED.matcher(sysctl).matches();
  }

  /** Whether a text is a value: numbers, ranges and lists of them. */
  public static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }
}
