// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whose output is asked for.
 *
 * @param name of a service, or a task's id or ARN
 * @param cluster its name; empty means any
 * @param since how far back; null means from the beginning
 * @param follow whether to go on as more is written
 */
record LogQuery(String name, String cluster, @Nullable Duration since, boolean follow) {
  /** Of everything, from the beginning. */
  static LogQuery of(String name) {
    return new LogQuery(name, "", null, false);
  }
}
