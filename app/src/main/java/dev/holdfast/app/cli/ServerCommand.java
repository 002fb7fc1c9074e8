// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code server}: the server's process, started by {@code up --detach}. */
@Command(name = "server", hidden = true, description = "Run the server in this process.")
final class ServerCommand implements Callable<Integer> {
  private final Processes processes;

  @Mixin private Target target = new Target();
  @Mixin private StartOptions start = new StartOptions();

  ServerCommand(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() throws Exception {
    return ServerProcess.run(start.options(target.dataDir()), processes);
  }
}
