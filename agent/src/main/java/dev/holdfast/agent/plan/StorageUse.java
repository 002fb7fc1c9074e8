// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a task has written to the disk of its host, in bytes.
 *
 * @param containers by container, beside its image
 * @param volumes by volume, of those that end with the task
 */
public record StorageUse(Map<String, Long> containers, Map<String, Long> volumes) {
  public StorageUse {
    containers = Map.copyOf(containers);
    volumes = Map.copyOf(volumes);
  }

  /** All together. */
  public long total() {
    return sum(containers) + sum(volumes);
  }

  private static long sum(Map<String, Long> parts) {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Why the task is to be stopped, or empty where it is within its limit.
   *
   * @param limit in bytes
   */
  public Optional<String> over(long limit) {
    return total() <= limit
        ? Optional.empty()
        : Optional.of(
            "OutOfStorageError: Task stopped due to ephemeral storage usage: its containers and"
                + " volumes hold "
                + shown(total())
                + ", and its ephemeral storage is "
                + shown(limit)
                + "; most is in "
                + most());
  }

  private String most() {
    Optional<Map.Entry<String, Long>> container = most(containers);
    Optional<Map.Entry<String, Long>> volume = most(volumes);
    boolean inVolume =
        volume.isPresent()
            && (container.isEmpty() || volume.get().getValue() > container.get().getValue());
    return inVolume
        ? "the volume " + volume.get().getKey()
        : container.map(entry -> "the container " + entry.getKey()).orElse("none");
  }

  private static Optional<Map.Entry<String, Long>> most(Map<String, Long> parts) {
    return parts.entrySet().stream()
        .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
  }

  private static String shown(long bytes) {
    return bytes >= 1L << 30
        ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
  }
}
