// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

/**
 * How large a parameter's value may be.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html">Parameter
 *     tiers</a>
 */
public enum Tier {
  STANDARD("Standard", 4096),
  ADVANCED("Advanced", 8192);

  private final String wire;
  private final int most;

  Tier(String wire, int most) {
    this.wire = wire;
    this.most = most;
  }

  public String wire() {
    return wire;
  }

  /** The longest value, in bytes of UTF-8. */
  public int most() {
    return most;
  }
}
