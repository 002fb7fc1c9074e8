// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import dev.holdfast.service.AuditEvent;
import dev.holdfast.store.View;
import dev.holdfast.trail.model.TrailTables;
import java.util.List;
import java.util.stream.Stream;

/** All events that a trail has, one by one and in sheets. */
final class Kept {
  private Kept() {}

  static List<AuditEvent> events(View view) {
    return Stream.concat(
            view.all(TrailTables.EVENTS).stream().map(TrailTables.Row::event),
            view.all(TrailTables.SHEETS).stream().flatMap(sheet -> sheet.events().stream()))
        .toList();
  }
}
