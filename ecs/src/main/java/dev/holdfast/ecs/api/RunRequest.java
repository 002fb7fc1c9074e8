// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.state.LaunchRules;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of a RunTask request is refused before anything is looked up. */
final class RunRequest {
  private static final Set<String> TYPES = Set.of("EC2", "EXTERNAL", "FARGATE");

  private RunRequest() {}

  static void check(RunTaskRequest in) {
    String type = in.launchType();
    refuse(
        "MANAGED_INSTANCES".equals(type),
        "`launchType` MANAGED_INSTANCES is not served: nobody manages machines here; use FARGATE,"
            + " EC2 or EXTERNAL");
    refuse(
        type != null && !TYPES.contains(type) && !type.equals("MANAGED_INSTANCES"),
        "Invalid launchType '" + type + "'.");
    refuse(
        !in.volumeConfigurations().isEmpty(),
        "`volumeConfigurations` are not served; leave them out");
    refuse("SERVICE".equals(in.propagateTags()), "`propagateTags` SERVICE is for services alone");
    var _ = LaunchRules.of(Wire.json(in));
    int count = count(in.count());
    refuse(count < 1 || count > 10, "count must be between 1 and 10");
    refuse(
        in.startedBy() != null && in.startedBy().length() > 128,
        "startedBy must be at most 128 characters long");
    refuse(
        in.group() != null && in.group().length() > 255,
        "group must be at most 255 characters long");
    // What runs under these names is a service's, and only its scheduler starts it.
    refuse(
        in.group() != null && in.group().startsWith(Service.GROUP), "Invalid namespace for group.");
    refuse(
        in.startedBy() != null && in.startedBy().startsWith(Service.PREFIX),
        "startedBy must not begin with " + Service.PREFIX + ", which is for tasks of services");
    refuse(
        in.clientToken() != null && in.clientToken().length() > 64,
        "clientToken must be at most 64 characters long");
  }

  static int count(@Nullable Integer given) {
    return given == null ? 1 : given;
  }

  /** On Fargate nobody chooses the machine. */
  static void checkPlacement(RunTaskRequest in, String launchType) {
    boolean fargate = launchType.equals("FARGATE");
    refuse(
        fargate && !in.placementConstraints().isEmpty(),
        "Placement constraints are not supported with FARGATE launch type.");
    refuse(
        fargate && !in.placementStrategy().isEmpty(),
        "Placement strategies are not supported with FARGATE launch type.");
  }

  private static void refuse(boolean wrong, String text) {
    if (wrong) {
      throw EcsError.INVALID_PARAMETER.because("%s", text);
    }
  }
}
