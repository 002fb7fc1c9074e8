// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.model.LoginProfile;

/** Login profiles as IAM's shape, which knows no password. */
final class LoginWire {
  private LoginWire() {}

  static dev.holdfast.aws.iam.LoginProfile profile(String userName, LoginProfile profile) {
    return dev.holdfast.aws.iam.LoginProfile.builder()
        .userName(userName)
        .createDate(Wire.date(profile.created()))
        .passwordResetRequired(profile.state().resetRequired())
        .build();
  }
}
