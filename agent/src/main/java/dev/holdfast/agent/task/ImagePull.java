// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.EngineException;
import dev.holdfast.agent.engine.Images;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Brings a container's image into the engine by the engine's own way, which asks its registry. */
record ImagePull(TaskHost host, PayloadTask task) {
  private static final Logger LOG = Logger.getLogger(ImagePull.class.getName());
  private static final int ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /**
   * What Go's network stack and the engine say of connections that break, registries that are
   * restarting, and layers that another pull gave up at the same moment.
   */
  private static final List<String> PASSING =
      List.of(
          "connection refused",
          "connection reset",
          "broken pipe",
          "EOF",
          "timeout",
          "Client.Timeout",
          "502 Bad Gateway",
          "503 Service Unavailable",
          "504 Gateway Timeout",
          "toomanyrequests",
          "layer does not exist");

  /** Fetches the image, and again where what went wrong may pass; the digest of what came. */
  String fetched(PayloadContainer container, ImageReference reference) throws IOException {
    Images images = host.engine().images();
    for (int attempt = 1; ; attempt++) {
      try {
        Images.RegistryAuth auth = auth(container);
        String current = images.resolve(container.image(), auth);
        String pinned = reference.pinned(current);
        if (images.inspect(pinned) == null) {
          images.pull(reference.repository(), current, auth);
          host.pulled().pulled(pinned, host.clock().instant());
        } else {
          host.pulled().used(pinned, host.clock().instant());
        }
        return current;
      } catch (EngineException e) {
        if (attempt == ATTEMPTS || !passing(String.valueOf(e.getMessage()))) {
          throw e;
        }
        LOG.log(
            Level.WARNING,
            "{0} is pulled again: {1}",
            new Object[] {container.image(), e.getMessage()});
      }
      LockSupport.parkNanos(PAUSE.multipliedBy(attempt).toNanos());
    }
  }

  /** Whether the engine speaks of a fault on the way, and not of the image or the right to it. */
  static boolean passing(String fault) {
    return PASSING.stream().anyMatch(fault::contains);
  }

  private Images.@Nullable RegistryAuth auth(PayloadContainer container) throws IOException {
    var authentication = container.registryAuthentication();
    return authentication == null
        ? null
        : host.registry()
            .token(authentication, container.image(), host.credentials().execution(task.arn()));
  }
}
