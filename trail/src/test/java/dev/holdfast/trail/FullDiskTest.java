// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.store.space.Urgency;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Events of reads wait while the disk is full; what finds no room in memory either is counted, and
 * so is what can never be written.
 */
class FullDiskTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("eu-test-1");
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private volatile boolean full;

  private final State state =
      new State(
          new Database(new MemoryStore()),
          urgency -> {
            if (full && urgency != Urgency.VITAL) {
              throw new StoreFull("the disk is full");
            }
          });

  private static AuditEvent read(int i) {
    return new AuditEvent(
        "id-" + i,
        NOW.plusMillis(i),
        "ssm.amazonaws.com",
        "GetParameter",
        true,
        "ann",
        "AKIA1",
        List.of(),
        JsonObject.EMPTY);
  }

  private List<AuditEvent> kept() {
    return state.read(Kept::events);
  }

  @Test
  void oneEventThatCannotBeKeptHoldsUpNoOther() {
    var pages = new PageTokens(new Seal(new byte[32], new SecureRandom()));
    try (Trail trail = Trail.create(state, pages, () -> NOW)) {
      trail.log().append(ACCOUNT, REGION, read(1));
      AuditEvent half = read(2);
      trail
          .log()
          .append(
              ACCOUNT,
              REGION,
              new AuditEvent(
                  half.id(),
                  half.time(),
                  half.source(),
                  half.name(),
                  true,
                  "ann",
                  "AKIA1",
                  List.of("arn:aws:ssm:eu-test-1:123456789012:parameter/\uD83D"),
                  JsonObject.EMPTY));
      trail.log().append(ACCOUNT, REGION, read(3));
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (reads() < 2 || told().isEmpty()) {
        assertThat(System.nanoTime()).as("the others are kept").isLessThan(deadline);
        LockSupport.parkNanos(20_000_000);
      }
      trail.log().append(ACCOUNT, REGION, read(4));
      while (reads() < 3) {
        assertThat(System.nanoTime()).as("and so are later ones").isLessThan(deadline);
        LockSupport.parkNanos(20_000_000);
      }
      assertThat(counted()).isEqualTo(1);
      assertThat(told().getFirst().document().toString()).contains("ssm:GetParameter", "ann");
    }
  }

  @Test
  void keepsWhatWaitedAndTellsHowManyDidNot() {
    var pages = new PageTokens(new Seal(new byte[32], new SecureRandom()));
    try (Trail trail = Trail.create(state, pages, () -> NOW)) {
      full = true;
      int sent = 15_000;
      for (int i = 0; i < sent; i++) {
        trail.log().append(ACCOUNT, REGION, read(i)); // never waits
        if (i == 0) {
          LockSupport.parkNanos(300_000_000); // the writer has met the full disk
        }
      }
      assertThat(kept()).isEmpty();
      full = false;
      trail.log().append(ACCOUNT, REGION, read(sent));
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (reads() + counted() < sent + 1) {
        assertThat(System.nanoTime()).as("kept or counted").isLessThan(deadline);
        LockSupport.parkNanos(50_000_000);
      }
      assertThat(reads()).as("as many as find room in memory").isBetween(10_000L, 12_000L);
      assertThat(reads() + counted()).isEqualTo(sent + 1);
      assertThat(told().getFirst().document().toString()).contains("ssm:GetParameter", "ann");
    }
  }

  private long reads() {
    return kept().stream().filter(event -> event.name().equals("GetParameter")).count();
  }

  private List<AuditEvent> told() {
    return kept().stream().filter(event -> event.name().equals("EventsNotKept")).toList();
  }

  private long counted() {
    return told().stream()
        .flatMap(event -> event.document().object("serviceEventDetails").array("missed").stream())
        .mapToLong(item -> Objects.requireNonNull(((JsonObject) item).integer("times")))
        .sum();
  }
}
