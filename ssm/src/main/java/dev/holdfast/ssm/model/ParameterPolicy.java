// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Region;

/**
 * A policy by which a parameter is shared.
 *
 * @param parameter its name
 * @param id of the request that made it
 * @param text as it was given
 */
public record ParameterPolicy(Region region, String parameter, String id, String text) {
  /** How many a parameter has at most. */
  public static final int MOST = 50;

  /** Names this very text: who changes or removes the policy shows that it knows it. */
  public String hash() {
    return Hashes.sha256Hex(text);
  }
}
