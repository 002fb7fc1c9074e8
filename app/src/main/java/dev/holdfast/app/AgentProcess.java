// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import java.util.List;

/** The agent process of one host: joins a platform and runs the tasks placed on it. */
final class AgentProcess {
  private AgentProcess() {}

  /** Runs until it is told to stop; returns the exit code. */
  static int run(List<String> arguments) {
    System.err.println("the agent is not wired yet: " + arguments);
    return 1;
  }
}
