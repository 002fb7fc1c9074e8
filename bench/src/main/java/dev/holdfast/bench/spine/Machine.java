// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system tells of a run: its load, and the CPU time of a process. */
final class Machine {
  private static final double TICKS = 100;

  private Machine() {}

  /** The load average of the last minute. */
  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }

  /** CPU seconds of a process so far, user and system; 0 where there is none. */
  static double cpu(long process) throws IOException {
    if (process == 0) {
      return 0;
    }
    String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /** Keeps a table for the page of benchmarks, where {@code bench/all.sh} wants one. */
  static void keep(String name, String table) throws IOException {
    String folder = System.getenv("BENCH_INTO");
    if (folder != null && !folder.isEmpty()) {
      Files.writeString(Path.of(folder).resolve(name + ".md"), table);
    }
  }
}
