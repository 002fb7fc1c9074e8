// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import java.util.HashMap;
import java.util.Map;

/**
 * How far the output of a task's containers was shown, so that it is read on from there: nothing
 * twice and nothing left out, also where much was written in one millisecond. Not thread-safe.
 */
final class Progress {
  /** Up to so many pieces of one time. */
  private record Place(long at, int pieces) {
    Place and(long another) {
      if (another < at) {
        return this;
      }
      return new Place(another, another == at ? pieces + 1 : 1);
    }
  }

  private final long from;
  private final Map<String, Place> shown = new HashMap<>();
  private final Map<String, Integer> again = new HashMap<>();
  private Map<String, Place> before = Map.of();

  /**
   * Nothing was shown yet.
   *
   * @param from milliseconds; what is older is not asked for
   */
  Progress(long from) {
    this.from = from;
  }

  /** Begins to read all of so many containers on; returns from when. */
  long readOn(int containers) {
    begin();
    return before.size() < containers
        ? from
        : before.values().stream().mapToLong(Place::at).min().orElse(from);
  }

  /** Begins to read one container on; returns from when. */
  long readOn(String container) {
    begin();
    Place place = before.get(container);
    return place == null ? from : place.at();
  }

  private void begin() {
    before = Map.copyOf(shown);
    again.clear();
  }

  /** Whether a piece of this reading was not shown in those before it; asked once of each. */
  boolean isNew(Part.Piece piece) {
    Place place = before.get(piece.container());
    if (place == null || piece.at() == 0 || piece.at() > place.at()) {
      return true;
    }
    return piece.at() == place.at()
        && again.merge(piece.container(), 1, Integer::sum) > place.pieces();
  }

  void shown(Part.Piece piece) {
    if (piece.at() != 0) {
      shown.merge(piece.container(), new Place(piece.at(), 1), (place, _) -> place.and(piece.at()));
    }
  }
}
