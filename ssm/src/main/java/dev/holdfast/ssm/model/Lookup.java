// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.store.View;
import java.util.Optional;

/** Finds the version of a parameter that a request names. */
public final class Lookup {
  private Lookup() {}

  /** The parameter as it is now, whatever version is asked for. */
  public static Optional<StoredParameter> current(View view, Selector selector) {
    for (String name : selector.names()) {
      StoredParameter found =
          ParameterTables.current(view, selector.account(), selector.region(), name);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The version that is asked for by its number or a label, or empty where there is none. */
  public static Optional<StoredParameter> find(View view, Selector selector) {
    Optional<StoredParameter> current = current(view, selector);
    String suffix = selector.suffix();
    if (suffix == null || current.isEmpty()) {
      return current;
    }
    StoredParameter now = current.get();
    Long number = selector.version();
    Long version =
        number != null
            ? number
            : ParameterTables.labelled(view, now.account(), now.region(), now.name(), suffix);
    return version == null
        ? Optional.empty()
        : Optional.ofNullable(
            ParameterTables.version(view, now.account(), now.region(), now.name(), version));
  }
}
