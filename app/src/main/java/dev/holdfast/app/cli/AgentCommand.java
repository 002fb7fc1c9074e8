// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code agent}: the host agent's process, started by the server. */
@Command(name = "agent", hidden = true, description = "Run the agent of this host.")
final class AgentCommand implements Callable<Integer> {
  private final Processes processes;

  @Unmatched private List<String> arguments = List.of();

  AgentCommand(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() {
    return processes.agent(List.copyOf(arguments));
  }
}
