// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The explanations of the latest denials, by authorization id. They live as long as the process:
 * what was denied, and why, stands in the audit trail for good.
 *
 * <p>The lock guards the map.
 */
public final class Denials {
  private static final int MOST = 4096;

  private final Map<String, String> texts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  void keep(String id, String text) {
    synchronized (texts) {
      texts.put(id, text);
    }
  }

  public Optional<String> find(String id) {
    synchronized (texts) {
      return Optional.ofNullable(texts.get(id));
    }
  }
}
