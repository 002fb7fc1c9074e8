// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.ServerOptions;

/** The server process: wires every service by hand and runs until it is told to stop. */
final class Server {
  private Server() {}

  /** Serves until `POST /shutdown` or SIGTERM; returns the exit code. */
  static int run(ServerOptions options) {
    System.err.println("the server is not wired yet: " + options.dataDir());
    return 1;
  }
}
