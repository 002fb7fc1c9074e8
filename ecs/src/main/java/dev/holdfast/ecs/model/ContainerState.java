// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a container of a task stands.
 *
 * @param id the last part of the container's ARN
 * @param image as the definition writes it
 * @param pull as hosts pull it: the own registry, by digest
 * @param checked whether it has a health check
 */
public record ContainerState(
    String name,
    String id,
    String image,
    String pull,
    boolean essential,
    boolean checked,
    @Nullable String imageDigest,
    @Nullable String runtimeId,
    TaskStatus.Last lastStatus,
    @Nullable Integer exitCode,
    @Nullable String reason,
    @Nullable String healthStatus,
    List<Binding> networkBindings) {

  /** A port of the host that leads to the container. */
  public record Binding(
      @Nullable String bindIP,
      @Nullable Integer containerPort,
      @Nullable Integer hostPort,
      @Nullable String protocol) {}

  public ContainerState healthy(String changed) {
    return new ContainerState(
        name,
        id,
        image,
        pull,
        essential,
        checked,
        imageDigest,
        runtimeId,
        lastStatus,
        exitCode,
        reason,
        changed,
        networkBindings);
  }
}
