// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.hosts.Listen;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What one server is told when it starts.
 *
 * @param dataDir absolute path; exists, mode 0700, and its lock is held by this process
 * @param profile {@code dev} or {@code standard}; null keeps the profile of an existing directory
 *     and makes a new one {@code dev}
 * @param listen where it listens
 * @param region the region that {@code env} exports; every region is served
 * @param rootKey where the root key lies; null for the profile's own place
 * @param engine the container engine's unix socket
 */
public record ServerOptions(
    Path dataDir,
    @Nullable String profile,
    Listen listen,
    String region,
    @Nullable Path rootKey,
    Path engine) {

  /** The address of the plain listener. */
  public String bind() {
    return listen.bind();
  }

  /** Its TCP port, 0 for any free one. */
  public int port() {
    return listen.port();
  }
}
