// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Region;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A policy by which a parameter is shared.
 *
 * @param parameter its name
 * @param id of the request that made it
 * @param text as it was given
 * @param principals the unique id that each ARN in it had when it was put
 */
public record ParameterPolicy(
    Region region, String parameter, String id, String text, Map<String, String> principals) {
  /** How many a parameter has at most. */
  public static final int MOST = 50;

  public ParameterPolicy {
    principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
  }

  /** Names this very text: who changes or removes the policy shows that it knows it. */
  public String hash() {
    return Hashes.sha256Hex(text);
  }
}
