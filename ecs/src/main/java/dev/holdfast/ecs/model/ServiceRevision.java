// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service runs, as it was asked and allowed once; never changed.
 *
 * @param images each tag resolved to a digest, which all tasks of the revision get
 * @param environment of all its tasks, by the tags at the time
 * @param how members of the request that say where and how tasks are launched
 * @param secrets the versions of its secrets where they are settled for all its tasks, else empty
 */
public record ServiceRevision(
    Key key,
    TaskDefinition.Key definition,
    List<Image> images,
    Task.Environment environment,
    JsonObject how,
    List<Task.ResolvedSecret> secrets,
    Instant createdAt) {

  /** A revision's place; its id has 19 digits. */
  public record Key(Service.Key service, String id) {
    public Arn arn() {
      return Arn.of(
          "ecs",
          service.region(),
          service.account(),
          "service-revision/" + service.cluster() + "/" + service.name() + "/" + id);
    }

    public List<String> segments() {
      return below(service, id);
    }
  }

  /** The image of a container. */
  public record Image(String container, String image, String pull, @Nullable String digest) {}

  static List<String> below(Service.Key service, String id) {
    var segments = new ArrayList<>(service.segments());
    segments.add(id);
    return List.copyOf(segments);
  }
}
