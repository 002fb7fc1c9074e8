// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.util.List;

/** An account setting of one principal, or of all that have none of their own. */
public record AccountSetting(Key key, String value) {

  /**
   * A setting's place.
   *
   * @param principal the ARN of a user or role, or that of the account's root, which is everybody's
   *     default
   */
  public record Key(String region, String principal, String name) {
    public List<String> segments() {
      return List.of(region, principal, name);
    }
  }
}
