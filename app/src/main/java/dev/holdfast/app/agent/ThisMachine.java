// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.agent;

import dev.holdfast.ecs.port.LocalHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures the machine that the platform runs on. */
public final class ThisMachine {
  /** What the engine, the platform and the system keep for themselves, in MiB. */
  private static final int RESERVE = 512;

  private ThisMachine() {}

  /**
   * What the machine offers to tasks.
   *
   * @param port the platform's own, which no task may have
   */
  public static LocalHost measure(int port) throws IOException {
    int memory = Math.max(256, totalMemory() - RESERVE);
    return new LocalHost(
        name(),
        System.getProperty("os.arch", "").equals("aarch64") ? "ARM64" : "X86_64",
        Runtime.getRuntime().availableProcessors() * 1024,
        memory,
        List.of(22, 2375, 2376, 51678, 51679, port),
        List.of());
  }

  /** In MiB, as the kernel counts it. */
  private static int totalMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return (int) (Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024);
      }
    }
    throw new IOException("/proc/meminfo tells no MemTotal");
  }

  private static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }
}
