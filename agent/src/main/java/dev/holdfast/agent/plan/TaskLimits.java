// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the containers of a task may use together.
 *
 * @param memory in bytes; null without a limit
 * @param cpu in processors; null without a limit
 * @param shares the task's weight beside other tasks, in Docker's measure: 1024 a processor
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">CFS Bandwidth Control</a>
 */
public record TaskLimits(@Nullable Long memory, @Nullable Double cpu, long shares) {
  private static final long MIB = 1024 * 1024;

  /** In microseconds; what the engine uses for containers. */
  private static final long PERIOD = 100_000;

  /** In microseconds; the kernel takes no less. */
  private static final long LEAST_QUOTA = 1_000;

  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;

  /** The limits of a task, or null where it has none of its own. */
  public static @Nullable TaskLimits of(PayloadTask task) {
    Integer mib = task.memory();
    Long memory = mib == null || mib <= 0 ? null : mib * MIB;
    Double cpu = task.cpu() == null || task.cpu() <= 0 ? null : task.cpu();
    return memory == null && cpu == null ? null : new TaskLimits(memory, cpu, shares(task, cpu));
  }

  private static long shares(PayloadTask task, @Nullable Double cpu) {
    long shares =
        cpu != null
            ? Math.round(cpu * 1024)
            : task.containers().stream()
                .mapToLong(PayloadContainer::cpu)
                .map(own -> Math.max(LEAST_SHARES, own))
                .sum();
    return Math.clamp(shares, LEAST_SHARES, MOST_SHARES);
  }

  /** Values by file, of the hierarchies {@code memory} and {@code cpu} of version 1. */
  public Map<String, String> version1() {
    var files = new LinkedHashMap<String, String>();
    if (memory != null) {
      files.put("memory/memory.limit_in_bytes", Long.toString(memory));
    }
    files.put("cpu/cpu.shares", Long.toString(shares));
    if (cpu != null) {
      files.put("cpu/cpu.cfs_period_us", Long.toString(PERIOD));
      files.put("cpu/cpu.cfs_quota_us", Long.toString(quota(cpu)));
    }
    return files;
  }

  /** Values by file, of the one hierarchy of version 2. */
  public Map<String, String> version2() {
    var files = new LinkedHashMap<String, String>();
    if (memory != null) {
      files.put("memory.max", Long.toString(memory));
    }
    files.put("cpu.weight", Long.toString(weight()));
    if (cpu != null) {
      files.put("cpu.max", quota(cpu) + " " + PERIOD);
    }
    return files;
  }

  /** The unit by which systemd makes a slice with these limits. */
  public String slice() {
    var unit =
        new StringBuilder("[Unit]\nDescription=Containers of one Holdfast task\n\n[Slice]\n");
    if (memory != null) {
      unit.append("MemoryAccounting=yes\nMemoryMax=").append(memory).append('\n');
    }
    unit.append("CPUAccounting=yes\nCPUWeight=").append(weight()).append('\n');
    if (cpu != null) {
      unit.append("CPUQuota=")
          .append(String.format(Locale.ROOT, "%.1f", quota(cpu) * 100.0 / PERIOD))
          .append("%\n");
    }
    return unit.toString();
  }

  private static long quota(double processors) {
    return Math.max(LEAST_QUOTA, Math.round(processors * PERIOD));
  }

  /** The weight of version 2 for the shares of version 1, as the engine's runtime counts it. */
  private long weight() {
    return 1 + (shares - LEAST_SHARES) * 9_999 / (MOST_SHARES - LEAST_SHARES);
  }
}
