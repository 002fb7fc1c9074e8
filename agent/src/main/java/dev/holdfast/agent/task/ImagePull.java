// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Images;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Brings a container's image into the engine, and asks its registry each time. */
record ImagePull(TaskHost host, PayloadTask task) {

  /** Has the image of a container here, or ends the container with the reason. */
  UnaryOperator<TaskState> pull(PayloadContainer container) {
    String name = container.name();
    var reference = ImageReference.parse(container.image());
    Images images = host.engine().images();
    try {
      String digest = reference.digest();
      if (container.registryAuthentication() == null && host.settings().cachedImages()) {
        Images.Image cached = images.inspect(container.image());
        if (cached != null) {
          String known = digest == null ? cached.id() : digest;
          return s -> s.with(name, c -> c.pulled(known)).pulledAt(host.clock().instant());
        }
      }
      // The registry is asked at every start, cached or not: the right to pull may be gone.
      var authentication = container.registryAuthentication();
      if (digest != null
          && authentication != null
          && images.inspect(reference.pinned(digest)) != null
          && host.registry()
              .gives(
                  authentication,
                  reference.pinned(digest),
                  host.credentials().execution(task.arn()))) {
        return s -> s.with(name, c -> c.pulled(digest)).pulledAt(host.clock().instant());
      }
      Images.RegistryAuth auth = auth(container);
      String current = images.resolve(container.image(), auth);
      if (images.inspect(reference.pinned(current)) == null) {
        images.pull(reference.repository(), current, auth);
      }
      return s -> s.with(name, c -> c.pulled(current)).pulledAt(host.clock().instant());
    } catch (IOException e) {
      String reason = "CannotPullContainerError: " + e.getMessage();
      return s ->
          s.with(name, c -> c.stopped(null, reason, host.clock().instant()))
              .pulledAt(host.clock().instant());
    }
  }

  private Images.@Nullable RegistryAuth auth(PayloadContainer container) throws IOException {
    var authentication = container.registryAuthentication();
    return authentication == null
        ? null
        : host.registry()
            .token(authentication, container.image(), host.credentials().execution(task.arn()));
  }
}
