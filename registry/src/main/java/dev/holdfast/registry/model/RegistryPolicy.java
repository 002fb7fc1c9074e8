// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.Region;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The policy of all that an account has in a region's registry.
 *
 * @param text as it was given
 * @param principals the unique id that each ARN in it had when it was put
 */
public record RegistryPolicy(Region region, String text, Map<String, String> principals) {
  public RegistryPolicy {
    principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
  }
}
