// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import org.jspecify.annotations.Nullable;

/**
 * An account's password policy as it was given: what each password is held to that is set while it
 * is in force.
 *
 * @param maxAge days, 0 where passwords do not end
 * @param reusePrevention how many old passwords are not taken again, or null
 * @param hardExpiry whether who is late may not set a new one; null where it was not said
 */
public record PasswordRules(
    int length,
    Characters characters,
    boolean usersMayChange,
    int maxAge,
    @Nullable Integer reusePrevention,
    @Nullable Boolean hardExpiry) {

  /** Which kinds of characters a password needs. */
  public record Characters(boolean symbols, boolean numbers, boolean upper, boolean lower) {}
}
