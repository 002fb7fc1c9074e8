// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.cloudtrail.LookupAttribute;
import dev.holdfast.aws.cloudtrail.LookupEventsRequest;
import dev.holdfast.aws.cloudtrail.LookupEventsResponse;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Origin;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.store.CountedStore;
import dev.holdfast.store.Database;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.trail.api.LookupEvents;
import dev.holdfast.trail.model.Base;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.model.TrailTables.Row;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrailTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("eu-test-1");
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private final CountedStore store = new CountedStore(new MemoryStore());
  private final State state = new State(new Database(store));
  private final PageTokens pages = new PageTokens(new Seal(new byte[32], new SecureRandom()));
  private Instant now = NOW;
  private final Trail trail = Trail.create(state, pages, () -> now);

  @AfterEach
  void close() {
    trail.close();
  }

  private Call call(String event, int second) {
    var identity =
        new Principal.Identity(
            Principal.Kind.USER, ACCOUNT, "AIDA1", "ann", Arn.global("iam", ACCOUNT, "user/ann"));
    return new Call(
        new RequestId("r" + second),
        new Principal(identity, "AKIA1", Map.of(), null),
        REGION,
        NOW.plusSeconds(second),
        Origin.PLATFORM,
        List.of(),
        new CallRecord(trail.log(), "id-" + second, "ecs.amazonaws.com", event));
  }

  private void mutate(int count) {
    for (int i = 0; i < count; i++) {
      Call call = call("RunTask", i);
      call.record().touched("arn:aws:ecs:eu-test-1:123456789012:cluster/c");
      state.commit(call, tx -> "done");
      call.record().end(call, null);
    }
    settle();
  }

  /** Waits until nothing is pending any more. */
  private void settle() {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!state.<Boolean>read(v -> v.isEmpty(TrailTables.PENDING, Table.PLATFORM))) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private LookupEventsResponse lookup(LookupEventsRequest request) {
    return new LookupEvents(state, pages).handle(call("LookupEvents", 99), request);
  }

  @Test
  void anEventLiesInItsMutationsOwnCommit() {
    Call call = call("RunTask", 1);
    state.commit(call, tx -> "done");
    assertThat(state.<List<Row>>read(v -> v.list(TrailTables.EVENTS, ACCOUNT))).hasSize(1);
    assertThat(call.record().written()).isTrue();
  }

  @Test
  void readsALongTrailInPieces() {
    mutate(1_500);
    store.reset();

    assertThat(trail.verify().faults()).isEmpty();

    assertThat(store.entries()).as("entries read").isGreaterThan(3_000);
    assertThat(store.largest()).as("entries of the largest read").isLessThan(1_000);
  }

  @Test
  void looksUpNewestFirstByNameAndPages() {
    mutate(5);
    var request =
        LookupEventsRequest.builder()
            .lookupAttributes(
                List.of(
                    LookupAttribute.builder()
                        .attributeKey("EventName")
                        .attributeValue("RunTask")
                        .build()))
            .maxResults(3)
            .build();
    LookupEventsResponse first = lookup(request);
    assertThat(first.events()).extracting(e -> e.eventId()).containsExactly("id-4", "id-3", "id-2");
    LookupEventsResponse second = lookup(request.toBuilder().nextToken(first.nextToken()).build());
    assertThat(second.events()).extracting(e -> e.eventId()).containsExactly("id-1", "id-0");
    assertThat(second.nextToken()).isNull();
  }

  @Test
  void anUntouchedTrailIsIntact() {
    mutate(20);
    Verification found = trail.verify();
    assertThat(found.faults()).isEmpty();
    assertThat(found.events()).isEqualTo(20);
  }

  private static AuditEvent altered(AuditEvent e, String id, String username, JsonObject document) {
    return new AuditEvent(
        id,
        e.time(),
        e.source(),
        e.name(),
        e.readOnly(),
        username,
        e.accessKeyId(),
        e.resources(),
        document);
  }

  @Test
  void anEditedEventIsFound() {
    mutate(3);
    state.own(
        tx -> {
          Row row = tx.list(TrailTables.EVENTS, ACCOUNT).getFirst();
          AuditEvent e = row.event();
          var edited = altered(e, e.id(), "bob", JsonObject.EMPTY);
          tx.put(TrailTables.EVENTS, ACCOUNT, row.key(), new Row(row.region(), edited));
          return 0;
        });
    assertThat(trail.verify().faults()).anyMatch(f -> f.contains("was edited"));
  }

  @Test
  void aDeletedEventIsFound() {
    mutate(3);
    state.own(
        tx -> {
          tx.delete(
              TrailTables.EVENTS, ACCOUNT, tx.list(TrailTables.EVENTS, ACCOUNT).getFirst().key());
          return 0;
        });
    assertThat(trail.verify().faults()).anyMatch(f -> f.contains("is missing"));
  }

  @Test
  void aChainCutShortIsFound() {
    mutate(2);
    mutate(2);
    state.own(
        tx -> {
          var last = tx.list(TrailTables.BLOCKS, Table.PLATFORM).getLast();
          tx.delete(TrailTables.BLOCKS, Table.PLATFORM, last.sequence());
          return 0;
        });
    assertThat(trail.verify().ok()).isFalse();
  }

  @Test
  void anEventPutInLaterIsFound() {
    mutate(1);
    state.own(
        tx -> {
          Row row = tx.list(TrailTables.EVENTS, ACCOUNT).getFirst();
          AuditEvent e = row.event();
          var forged = altered(e, "forged", e.username(), e.document());
          var put = new Row(row.region(), forged);
          tx.put(TrailTables.EVENTS, ACCOUNT, put.key(), put);
          return 0;
        });
    assertThat(trail.verify().faults()).anyMatch(f -> f.contains("never chained"));
  }

  @Test
  void readsAreKeptToo() {
    Call call = call("DescribeTasks", 7);
    call.record().end(call, null);
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (events() == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    settle();
    assertThat(trail.verify().ok()).isTrue();
  }

  @Test
  void anEditedSheetIsFoundAndOneThatIsGone() {
    read(1);
    read(2);
    state.own(
        tx -> {
          Sheet sheet = tx.list(TrailTables.SHEETS, ACCOUNT).getFirst();
          AuditEvent e = sheet.events().getFirst();
          var edited = altered(e, e.id(), "bob", e.document());
          tx.put(
              TrailTables.SHEETS, ACCOUNT, sheet.key(), new Sheet(sheet.region(), List.of(edited)));
          return 0;
        });
    assertThat(trail.verify().faults()).singleElement().asString().contains("was edited");
    state.own(
        tx -> {
          tx.delete(
              TrailTables.SHEETS, ACCOUNT, tx.list(TrailTables.SHEETS, ACCOUNT).getFirst().key());
          return 0;
        });
    assertThat(trail.verify().faults()).singleElement().asString().contains("is missing");
  }

  private void read(int second) {
    Call call = call("DescribeTasks", second);
    call.record().end(call, null);
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (events() == 0 || pendingOrQueued(second)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    settle();
  }

  private boolean pendingOrQueued(int second) {
    return state.read(Kept::events).stream().noneMatch(event -> event.id().equals("id-" + second));
  }

  private int events() {
    return state.<Integer>read(v -> Kept.events(v).size());
  }

  @Test
  void dropsReadsAfterNinetyDaysAndChangesAfterFourHundred() {
    mutate(2);
    read(10);
    now = NOW.plus(Duration.ofDays(91));
    assertThat(trail.prune(now)).isEqualTo(1);
    assertThat(trail.verify().faults()).isEmpty();
    assertThat(events()).isEqualTo(2);
    now = NOW.plus(Duration.ofDays(401));
    assertThat(trail.prune(now)).isEqualTo(2);
    assertThat(trail.verify().faults()).isEmpty();
    assertThat(state.<Boolean>read(v -> v.isEmpty(TrailTables.BLOCKS, Table.PLATFORM))).isTrue();
    mutate(1);
    assertThat(trail.verify().faults()).isEmpty();
  }

  @Test
  void dropsNothingThatIsYounger() {
    mutate(2);
    read(10);
    now = NOW.plus(Duration.ofDays(89));
    assertThat(trail.prune(now)).isZero();
    assertThat(events()).isEqualTo(3);
  }

  @Test
  void aChangeThatWentBeforeItsTimeIsMissing() {
    mutate(1);
    now = NOW.plus(Duration.ofDays(399));
    state.own(
        tx -> {
          tx.delete(
              TrailTables.EVENTS, ACCOUNT, tx.list(TrailTables.EVENTS, ACCOUNT).getFirst().key());
          return 0;
        });
    assertThat(trail.verify().faults()).anyMatch(f -> f.contains("is missing"));
  }

  @Test
  void aBeginningThatWasCutOffByHandIsFound() {
    mutate(1);
    mutate(1);
    state.own(
        tx -> {
          Block first = tx.list(TrailTables.BLOCKS, Table.PLATFORM).getFirst();
          tx.delete(TrailTables.BLOCKS, Table.PLATFORM, first.sequence());
          tx.put(
              TrailTables.BASE,
              Table.PLATFORM,
              "base",
              new Base(first.sequence(), first.hash(), Instant.EPOCH, "forged"));
          return 0;
        });
    assertThat(trail.verify().faults()).anyMatch(f -> f.contains("signed base"));
  }

  @Test
  void anAccountThatWentWithItsEventsIsNoFault() {
    mutate(2);
    state.own(
        tx -> {
          tx.deleteAccount(ACCOUNT);
          return 0;
        });
    assertThat(trail.verify().ok()).isFalse();
    trail.removed(ACCOUNT);
    assertThat(trail.verify().faults()).isEmpty();
  }

  @Test
  void tellsItsHeadWhereItMovedAndOnlyThen() {
    assertThat(trail.movedHead()).isEmpty();
    mutate(1);
    assertThat(trail.movedHead()).isPresent();
    assertThat(trail.movedHead()).isEmpty();
  }
}
