// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Images;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadContainer.RegistryAuthentication;
import dev.holdfast.aws.agent.PayloadTask;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The images of a task's containers: each is brought into the engine, and asked of its registry at
 * every start, cached or not, since the right to pull it may be gone. Of an image that the engine
 * holds already the registry is asked while the container is made; it starts after the answer.
 */
final class TaskImages {
  private final TaskHost host;
  private final PayloadTask task;
  private final ImagePull pull;

  /** Why the registry does not give a container its image; empty where it does. */
  private final Map<String, CompletableFuture<Optional<String>>> answers =
      new ConcurrentHashMap<>();

  /** What the engine holds under names with a digest, which never mean anything else. */
  private final Map<String, Images.Image> held = new ConcurrentHashMap<>();

  TaskImages(TaskHost host, PayloadTask task) {
    this.host = host;
    this.task = task;
    this.pull = new ImagePull(host, task);
  }

  /** Has the image of a container here, or ends the container with the reason. */
  UnaryOperator<TaskState> pull(PayloadContainer container) {
    String name = container.name();
    host.pulled().settle(); // this task is known, so nothing that it wants is removed from here on
    var reference = ImageReference.parse(container.image());
    try {
      String digest = reference.digest();
      if (container.registryAuthentication() == null && host.settings().cachedImages()) {
        Images.Image cached = host.engine().images().inspect(container.image());
        if (cached != null) {
          return here(name, digest == null ? cached.id() : digest);
        }
      }
      if (digest != null
          && container.registryAuthentication() != null
          && find(reference.pinned(digest)) != null) {
        CompletableFuture<Optional<String>> answer = ask(container);
        String refusal = madeAhead(task) ? null : answer.join().orElse(null);
        return refusal == null ? here(name, digest) : refused(name, refusal);
      }
      String current = pull.fetched(container, reference);
      answers.put(name, CompletableFuture.completedFuture(Optional.empty()));
      return here(name, current);
    } catch (IOException e) {
      return refused(name, reason(e));
    }
  }

  /**
   * Whether a container may be made before its registry has answered. Making it copies what its
   * image has at the places of its volumes into them: where another container can read these, that
   * would give it an image which nobody may have.
   */
  static boolean madeAhead(PayloadTask task) {
    return task.volumes().isEmpty()
        && task.containers().stream()
            .allMatch(c -> c.volumesFrom().isEmpty() && c.mountPoints().isEmpty());
  }

  private UnaryOperator<TaskState> here(String name, String digest) {
    return s -> s.with(name, c -> c.pulled(digest)).pulledAt(host.clock().instant());
  }

  private UnaryOperator<TaskState> refused(String name, String reason) {
    return s ->
        s.with(name, c -> c.stopped(null, reason, host.clock().instant()))
            .pulledAt(host.clock().instant());
  }

  private static String reason(IOException e) {
    return "CannotPullContainerError: " + e.getMessage();
  }

  /**
   * Why a container may not start for the first time, or null. Waits for the answer of its
   * registry, which is asked here where an earlier agent did and did not live to start it.
   */
  @Nullable String refusal(PayloadContainer container) {
    boolean asked =
        container.registryAuthentication() != null
            && ImageReference.parse(container.image()).digest() != null;
    return asked ? ask(container).join().orElse(null) : null;
  }

  private CompletableFuture<Optional<String>> ask(PayloadContainer container) {
    return answers.computeIfAbsent(
        container.name(),
        _ ->
            CompletableFuture.supplyAsync(
                () -> answer(container),
                question -> Thread.ofVirtual().name("task-registry").start(question)));
  }

  private Optional<String> answer(PayloadContainer container) {
    var reference = ImageReference.parse(container.image());
    String pinned = reference.pinned(String.valueOf(reference.digest()));
    RegistryAuthentication authentication = container.registryAuthentication();
    var role = host.credentials().awaitExecution(task);
    try {
      if (authentication != null && host.registry().gives(authentication, pinned, role)) {
        host.pulled().used(pinned, host.clock().instant());
      } else {
        // The engine's own way: it says why, or finds that something only was in the way.
        String _ = pull.fetched(container, reference);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(reason(e));
    }
  }

  /**
   * The image that a container is made of.
   *
   * @param local as {@link #local}
   * @throws IOException where the engine does not hold it any more
   */
  Images.Image image(String local) throws IOException {
    Images.Image image = find(local);
    if (image == null) {
      throw new IOException("the image is gone from the container engine");
    }
    return image;
  }

  /** What the engine calls the image of a container. */
  static String local(PayloadContainer container) {
    var reference = ImageReference.parse(container.image());
    String digest = reference.digest();
    return digest == null ? container.image() : reference.pinned(digest);
  }

  private Images.@Nullable Image find(String local) throws IOException {
    Images.Image known = held.get(local);
    if (known == null) {
      known = host.engine().images().inspect(local);
      if (known != null && local.indexOf('@') > 0) {
        held.put(local, known);
      }
    }
    return known;
  }
}
