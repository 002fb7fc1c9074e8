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

  /** The version that is asked for, or empty where there is none; a label finds nothing. */
  public static Optional<StoredParameter> find(View view, Selector selector) {
    Optional<StoredParameter> current = current(view, selector);
    Long version = selector.version();
    if (selector.suffix() == null || current.isEmpty()) {
      return current;
    }
    return version == null
        ? Optional.empty()
        : Optional.ofNullable(
            ParameterTables.version(
                view, selector.account(), selector.region(), current.get().name(), version));
  }
}
