// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadContainer.SecretReference;
import dev.holdfast.aws.agent.RoleCredentials;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Where the values of {@code secrets} come from, with the task's execution role. */
public interface SecretSource {

  /**
   * The values by {@code valueFrom}; the caller puts them into a container's environment and
   * nowhere else.
   *
   * @throws IOException with a reason that holds no value, where one cannot be had
   */
  Map<String, String> values(RoleCredentials executionRole, List<SecretReference> secrets)
      throws IOException;
}
