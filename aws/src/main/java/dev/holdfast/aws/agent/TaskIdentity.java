// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** A task of a manifest or of a stop verification; {@code desiredStatus} is RUNNING or STOPPED. */
public record TaskIdentity(
    String taskArn, @Nullable String taskClusterArn, @Nullable String desiredStatus) {
  public TaskIdentity {
    taskArn = Required.member(taskArn, "taskArn");
  }
}
