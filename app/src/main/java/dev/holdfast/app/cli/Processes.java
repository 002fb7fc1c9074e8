// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.hosts.JoinOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The programs behind the command line; the entry point supplies them. */
public interface Processes {

  /** Serves one data directory until it is told to stop; returns the exit code. */
  int server(ServerOptions options);

  /** Checks a data directory on which no server runs. */
  CheckReport check(CheckOptions options) throws IOException;

  /** Runs the agent of this host until it is told to stop; returns the exit code. */
  int agent(List<String> arguments);

  /** Joins a platform as another machine of it, and runs the agent; returns the exit code. */
  int host(JoinOptions options);

  /** What is done on a data directory that no server has. */
  Custody custody();

  /** Hears how far something long has come. */
  interface Listener {
    void hear(String line) throws IOException;
  }

  /**
   * Work on a data directory without a server. Each returns what to tell the operator, and throws
   * {@link Failed} with words that say what to do. The caller holds the directory's lock.
   */
  interface Custody {
    String backup(
        Path dataDir, @Nullable Path rootKey, Path target, boolean withoutKeyExport, Listener told);

    String exportKey(Path dataDir, @Nullable Path rootKey, Path file);

    String rotateKey(Path dataDir, @Nullable Path rootKey, boolean endSessions);

    String restore(Path vault, @Nullable String cut, Path dataDir, Path rootKey, Listener told);
  }

  /** Thrown by work that failed, in words for the operator. */
  final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Failed(String message) {
      super(message, null, false, false);
    }
  }
}
