// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.CheckOptions;
import dev.holdfast.app.cli.CheckReport;
import dev.holdfast.app.cli.HoldfastCommand;
import dev.holdfast.app.cli.Processes;
import dev.holdfast.app.cli.ServerOptions;
import dev.holdfast.app.cli.hosts.JoinOptions;
import dev.holdfast.app.join.JoinedMachine;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** The program's entry: the command line, and behind it the server and the agent. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Logging.choose();
    System.exit(HoldfastCommand.execute(args, new LocalProcesses()));
  }

  private record LocalProcesses() implements Processes {
    @Override
    public int server(ServerOptions options) {
      try {
        return Server.run(options);
      } catch (Refusal refusal) {
        System.err.println("holdfast: " + refusal.getMessage());
        return 1;
      }
    }

    @Override
    public Custody custody() {
      return new Offline();
    }

    @Override
    public CheckReport check(CheckOptions options) throws IOException {
      return DirectoryCheck.run(options, new SecureRandom(), InstantSource.system());
    }

    @Override
    public int host(JoinOptions options) {
      Logging.install();
      return JoinedMachine.run(options, new SecureRandom(), InstantSource.system());
    }

    @Override
    public int agent(List<String> arguments) {
      return AgentProcess.run(arguments);
    }
  }
}
