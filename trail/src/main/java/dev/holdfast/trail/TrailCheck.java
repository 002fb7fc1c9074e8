// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.trail.control.HeadSigner;
import dev.holdfast.trail.control.Verifier;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.plan.Keeping;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What must hold in the audit trail: what {@link Trail#verify} checks. */
public record TrailCheck(InstantSource clock) implements Check {
  @Override
  public String name() {
    return "the audit trail";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return List.of(
        TrailTables.EVENTS,
        TrailTables.SHEETS,
        TrailTables.PENDING,
        TrailTables.BLOCKS,
        TrailTables.HEAD,
        TrailTables.BASE,
        TrailTables.REMOVALS,
        TrailTables.KEYS);
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    Optional<HeadSigner> signer = HeadSigner.known(view);
    if (signer.isEmpty()) {
      if (!view.list(TrailTables.BLOCKS, Table.PLATFORM, List.of(), null, 1).isEmpty()) {
        found.accept(Finding.lost("the audit trail", "has no key that its head is signed with"));
      }
      return;
    }
    Verification verified =
        new Verifier(signer.get(), Keeping.STANDARD).verify(view, clock.instant());
    verified.faults().forEach(fault -> found.accept(Finding.lost("the audit trail:", fault)));
    found.accept(
        Finding.note(
            "the audit trail",
            "has %d blocks and %d events, head %s: compare it with one that is kept elsewhere"
                .formatted(verified.blocks(), verified.events(), verified.head())));
  }
}
