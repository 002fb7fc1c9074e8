// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an identity provider said of whoever holds a session.
 *
 * @param keys the condition keys that tell it for as long as the session lasts, in lower case
 */
public record Federation(Map<String, List<String>> keys) {
  public Federation {
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
  }
}
