// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.rules;

import dev.holdfast.iam.control.revoke.Revocations.Taken;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;

/** Takes users', roles' and sessions' credentials back. */
public record RevokeDesk(Ground ground) {

  /**
   * Revokes what is named, from the next request on.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public JsonObject revoke(String named) {
    Taken taken =
        ground
            .iam()
            .revocations()
            .revoke(
                ground.call("RevokeCredentials", JsonObject.EMPTY.with("revoked", named)),
                ground.account(),
                named);
    return JsonObject.EMPTY
        .with("revoked", taken.what())
        .with("inactive", JsonArray.ofStrings(taken.inactive()));
  }
}
