// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.RunTaskRequest;
import org.jspecify.annotations.Nullable;

/** What of a RunTask request is refused before anything is looked up. */
final class RunRequest {
  private RunRequest() {}

  static void check(RunTaskRequest in) {
    String type = in.launchType();
    refuse(
        type != null && !type.equals("EC2") && !type.equals("EXTERNAL"),
        "`launchType` " + type + " comes later; use EC2 or EXTERNAL, or leave it out");
    refuse(in.networkConfiguration() != null, "`networkConfiguration` comes with awsvpc, later");
    refuse(
        !in.capacityProviderStrategy().isEmpty(),
        "`capacityProviderStrategy` comes later; leave it out");
    refuse(
        !in.placementConstraints().isEmpty(), "`placementConstraints` come later; leave them out");
    refuse(
        !in.placementStrategy().isEmpty(),
        "`placementStrategy` comes later; the host with the most free memory is chosen");
    refuse(in.platformVersion() != null, "`platformVersion` is Fargate's; leave it out");
    refuse(
        !in.volumeConfigurations().isEmpty(),
        "`volumeConfigurations` are not served; leave them out");
    refuse("SERVICE".equals(in.propagateTags()), "`propagateTags` SERVICE is for services alone");
    int count = count(in.count());
    refuse(count < 1 || count > 10, "count must be between 1 and 10");
    refuse(
        in.startedBy() != null && in.startedBy().length() > 128,
        "startedBy must be at most 128 characters long");
    refuse(
        in.group() != null && in.group().length() > 255,
        "group must be at most 255 characters long");
    refuse(
        in.clientToken() != null && in.clientToken().length() > 64,
        "clientToken must be at most 64 characters long");
  }

  static int count(@Nullable Integer given) {
    return given == null ? 1 : given;
  }

  private static void refuse(boolean wrong, String text) {
    if (wrong) {
      throw EcsError.INVALID_PARAMETER.because("%s", text);
    }
  }
}
