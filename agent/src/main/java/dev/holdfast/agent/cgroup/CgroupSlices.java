// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.cgroup;

import dev.holdfast.agent.plan.TaskLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Groups as slices of systemd's, for an engine whose cgroup driver that is: {@code
 * holdfast-INSTALLATION-TASK.slice}, by units that end with the machine's run.
 */
final class CgroupSlices implements TaskCgroups {
  private static final String SUFFIX = ".slice";

  private final Path units;
  private final String systemctl;
  private final String prefix;

  /** Those that this agent has started, so that it starts them once. */
  private final Set<String> started = ConcurrentHashMap.newKeySet();

  private CgroupSlices(Path units, String systemctl, String installation) {
    this.units = units;
    this.systemctl = systemctl;
    this.prefix = "holdfast-" + installation + "-";
  }

  /**
   * Looks for systemd.
   *
   * @throws IOException where there is none, or units cannot be written
   */
  static CgroupSlices open(Path units, String systemctl, String installation) throws IOException {
    if (!Files.isDirectory(units) || !Files.isWritable(units)) {
      throw new IOException("units of systemd cannot be written to " + units);
    }
    return new CgroupSlices(units, systemctl, installation);
  }

  @Override
  public String lacking() {
    return "";
  }

  @Override
  public String place(String id, TaskLimits limits) throws IOException {
    String slice = prefix + id + SUFFIX;
    if (!started.contains(slice)) {
      Files.writeString(units.resolve(slice), limits.slice(), StandardCharsets.US_ASCII);
      run("start", slice);
      started.add(slice);
    }
    return slice;
  }

  @Override
  public void remove(String id) throws IOException {
    String slice = prefix + id + SUFFIX;
    if (Files.exists(units.resolve(slice))) {
      run("stop", slice);
      Files.deleteIfExists(units.resolve(slice));
    }
    started.remove(slice);
  }

  @Override
  public Set<String> ids() throws IOException {
    var ids = new TreeSet<String>();
    try (Stream<Path> entries = Files.list(units)) {
      entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.startsWith(prefix) && name.endsWith(SUFFIX))
          .forEach(
              name -> ids.add(name.substring(prefix.length(), name.length() - SUFFIX.length())));
    }
    return ids;
  }

  private void run(String verb, String slice) throws IOException {
    Process process = new ProcessBuilder(systemctl, verb, slice).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("systemd does not " + verb + " " + slice + ": " + said.strip());
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while systemd works");
    }
  }
}
