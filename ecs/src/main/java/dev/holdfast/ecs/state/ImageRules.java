// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.service.Guardrail;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The guardrails on images: only the own registry's, and only what a tag meant at registration. */
public record ImageRules(Images images) {

  /** An image as a run uses it; {@code digest} is null where it is not of the own registry. */
  public record Chosen(String container, String image, String pull, @Nullable String digest) {}

  /** Resolves the images of a definition that is registered. */
  public List<TaskDefinition.Pin> pin(View view, Starter starter, TaskSpec spec) {
    var pins = new ArrayList<TaskDefinition.Pin>();
    for (ContainerSpec container : spec.containerDefinitions()) {
      String image = String.valueOf(container.image());
      String digest =
          switch (images.parse(image, starter.account(), starter.region())) {
            case ImageReference.Malformed(var reason) ->
                throw EcsError.CLIENT.because(
                    "Invalid image `%s` of the container %s: %s", image, container.label(), reason);
            case ImageReference.Foreign _ -> {
              foreign(starter, image);
              yield null;
            }
            case ImageReference.Own own -> {
              String found = resolve(view, starter, own).orElse(null);
              if (found == null) {
                starter.violated(
                    Guardrail.IMAGE_UNCHANGED,
                    EcsError.INVALID_PARAMETER,
                    image,
                    "the image "
                        + image
                        + " does not exist: push it, then register the definition");
              }
              yield found;
            }
          };
      pins.add(new TaskDefinition.Pin(container.label(), image, digest));
    }
    return pins;
  }

  private void foreign(Starter starter, String image) {
    starter.violated(
        Guardrail.IMAGE_TRUSTED,
        EcsError.INVALID_PARAMETER,
        image,
        "the image "
            + image
            + " is not of this platform's own registry: push it there and name it so");
  }

  /** Chooses the images of a run, in the order of the containers. */
  public List<Chosen> choose(View view, Starter starter, TaskDefinition definition) {
    var chosen = new ArrayList<Chosen>();
    for (ContainerSpec container : definition.spec().containerDefinitions()) {
      chosen.add(choose(view, starter, definition, container));
    }
    return chosen;
  }

  private Chosen choose(
      View view, Starter starter, TaskDefinition definition, ContainerSpec container) {
    String image = String.valueOf(container.image());
    String name = container.label();
    return switch (images.parse(image, starter.account(), starter.region())) {
      case ImageReference.Malformed(var reason) ->
          throw EcsError.CLIENT.because("Invalid image `%s`: %s", image, reason);
      case ImageReference.Foreign _ -> {
        foreign(starter, image);
        yield new Chosen(name, image, image, null);
      }
      case ImageReference.Own own -> {
        String digest = digest(view, starter, own, image, definition.digest(name));
        yield new Chosen(name, image, images.pull(own, digest), digest);
      }
    };
  }

  private String digest(
      View view, Starter starter, ImageReference.Own own, String image, @Nullable String pinned) {
    String now = resolve(view, starter, own).orElse(null);
    if (pinned == null) {
      if (now == null) {
        throw gone(image);
      }
      return now;
    }
    if (now == null) {
      var byDigest =
          new ImageReference.Own(own.account(), own.region(), own.repository(), null, pinned);
      return resolve(view, starter, byDigest).orElseThrow(() -> gone(image));
    }
    if (!now.equals(pinned)) {
      starter.violated(
          Guardrail.IMAGE_UNCHANGED,
          EcsError.INVALID_PARAMETER,
          image,
          "the image "
              + image
              + " was "
              + pinned
              + " when the task definition was registered, and is "
              + now
              + " now: register a new revision to run it, or push the tag back");
    }
    return now;
  }

  /**
   * What an image of the caller's account is. Of another account's repository not even whether an
   * image is there is told: its policy is judged where images are pulled, and no task is run with
   * one of them yet.
   */
  private Optional<String> resolve(View view, Starter starter, ImageReference.Own image) {
    return image.account().equals(starter.account())
        ? images.resolve(view, image)
        : Optional.empty();
  }

  private static ApiError gone(String image) {
    return EcsError.INVALID_PARAMETER.because(
        "the image %s does not exist in the registry: push it", image);
  }

  /** Keeps what a tag meant at its first run, where it did not exist at registration. */
  public static void pin(Tx tx, TaskDefinition definition, List<Chosen> chosen) {
    var pins = new ArrayList<TaskDefinition.Pin>();
    for (TaskDefinition.Pin pin : definition.pins()) {
      String digest =
          chosen.stream()
              .filter(c -> c.container().equals(pin.container()))
              .map(Chosen::digest)
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
      pins.add(
          pin.digest() == null
              ? new TaskDefinition.Pin(pin.container(), pin.image(), digest)
              : pin);
    }
    if (!pins.equals(definition.pins())) {
      tx.put(
          EcsTables.TASK_DEFINITIONS,
          definition.key().account(),
          definition.key(),
          definition.pinned(pins));
    }
  }
}
