// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/**
 * A question put to the evaluator: may this caller do this to that?
 *
 * @param action {@code prefix:Name}; case does not matter
 * @param resource the ARN, or {@code *} where the action knows no resources
 * @param resourceAccount the account that owns the resource; the caller's own for {@code *}
 */
public record Request(
    Caller caller, String action, String resource, String resourceAccount, Context context) {

  /** Whether the resource belongs to another account than the caller. */
  public boolean crossAccount() {
    return !caller.account().equals(resourceAccount);
  }
}
