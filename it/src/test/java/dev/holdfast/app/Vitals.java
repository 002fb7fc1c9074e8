// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.lang.management.ManagementFactory;

/** What a process uses: heap after a collection, threads of the system, open files. */
final class Vitals {
  private Vitals() {}

  /** The processor time of this process, in nanoseconds. */
  static JsonNumber cpu() {
    return JsonNumber.of(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getProcessCpuTime()
            : 0);
  }

  static JsonObject measure() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : -1;
    return JsonObject.EMPTY
        .with("heap", JsonNumber.of(memory.getHeapMemoryUsage().getUsed()))
        .with("threads", JsonNumber.of(ManagementFactory.getThreadMXBean().getThreadCount()))
        .with("files", JsonNumber.of(files));
  }
}
