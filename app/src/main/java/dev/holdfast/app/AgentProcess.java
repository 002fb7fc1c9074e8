// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.agent.AgentMain;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** The agent process of one host: joins a platform and runs the tasks placed on it. */
final class AgentProcess {
  private AgentProcess() {}

  /** Runs until its input ends or it is told to stop; returns the exit code. */
  static int run(List<String> arguments) {
    Logging.install();
    return AgentMain.run(
        arguments, System.in, System.out, new SecureRandom(), InstantSource.system());
  }
}
