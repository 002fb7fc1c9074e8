// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Images.RegistryAuth;
import dev.holdfast.aws.agent.PayloadContainer.RegistryAuthentication;
import dev.holdfast.aws.agent.RoleCredentials;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How to sign in to an image's registry. */
public interface RegistrySignIn {

  /**
   * A token for the registry.
   *
   * @param executionRole the task's; null where it has none
   * @throws IOException with the reason, where there is none to be had
   */
  RegistryAuth token(
      RegistryAuthentication authentication, String image, @Nullable RoleCredentials executionRole)
      throws IOException;

  /**
   * Whether the registry gives an image to the execution role now. This asks the registry itself
   * and spares the engine's way, which asks it several times over.
   *
   * @param image by digest
   * @return false where it does not, or where that cannot be told here
   */
  default boolean gives(
      RegistryAuthentication authentication,
      String image,
      @Nullable RoleCredentials executionRole) {
    return false;
  }
}
