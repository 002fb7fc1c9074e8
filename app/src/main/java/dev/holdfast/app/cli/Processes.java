// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.util.List;

/** The programs behind the command line; the entry point supplies them. */
public interface Processes {

  /** Serves one data directory until it is told to stop; returns the exit code. */
  int server(ServerOptions options);

  /** Checks a data directory on which no server runs. */
  CheckReport check(CheckOptions options) throws IOException;

  /** Runs the agent of this host until it is told to stop; returns the exit code. */
  int agent(List<String> arguments);
}
