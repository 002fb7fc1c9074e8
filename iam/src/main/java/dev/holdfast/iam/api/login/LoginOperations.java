// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class LoginOperations {
  private LoginOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new ChangePassword(iam),
        new CreateLoginProfile(iam),
        new DeleteLoginProfile(iam),
        new GetLoginProfile(iam),
        new UpdateLoginProfile(iam));
  }
}
