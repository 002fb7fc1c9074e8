// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.hosts;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is told that joins a platform, or that joined one and goes on.
 *
 * @param dataDir absolute path; exists, mode 0700, and its lock is held by this process
 * @param platform host and port of the platform's TLS; null where it is known from joining
 * @param fingerprint the SHA-256 of the platform's authority; null where it is known
 * @param code asked for the join code where one is needed
 * @param engine the container engine's unix socket
 */
public record JoinOptions(
    Path dataDir, @Nullable String platform, @Nullable String fingerprint, Code code, Path engine) {

  /** Gives the join code, of which nothing is kept. */
  public interface Code {
    String read() throws IOException;
  }
}
