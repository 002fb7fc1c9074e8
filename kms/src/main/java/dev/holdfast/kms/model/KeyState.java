// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

/**
 * The state of a key, as {@code DescribeKey} names it.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">Key
 *     states</a>
 */
public enum KeyState {
  ENABLED("Enabled"),
  DISABLED("Disabled"),
  PENDING_DELETION("PendingDeletion");

  private final String wire;

  KeyState(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }
}
