// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a task is protected from being stopped by its service, as the task itself asks and says.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html">Task
 *     scale-in protection endpoint</a>
 */
public interface TaskProtection {

  /** An answer to a container. */
  record Answer(int status, JsonObject body) {}

  /**
   * What a task wants of itself.
   *
   * @param expiresInMinutes null for the platform's own length of time
   */
  record Wanted(boolean enabled, @Nullable Integer expiresInMinutes) {}

  /**
   * Asks the platform with the task's own role, or tells it.
   *
   * @param wanted null to ask
   */
  Answer state(String taskArn, String clusterArn, RoleCredentials role, @Nullable Wanted wanted)
      throws IOException;
}
