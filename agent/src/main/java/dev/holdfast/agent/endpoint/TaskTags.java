// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.JsonValue.JsonObject;

/** The tags of a task, as the task itself asks for them. */
public interface TaskTags {
  /**
   * The members that they add to the task's metadata: {@code TaskTags}, or {@code Errors} where the
   * platform does not tell.
   *
   * @param role the task's own, by which it is decided
   */
  JsonObject of(String taskArn, RoleCredentials role);
}
