// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.cloudtrail.Event;
import dev.holdfast.aws.cloudtrail.LookupAttribute;
import dev.holdfast.aws.cloudtrail.LookupEventsRequest;
import dev.holdfast.aws.cloudtrail.LookupEventsResponse;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
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
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.trail.api.LookupEvents;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What LookupEvents finds among events kept one by one and in sheets, against a plain filter. */
class LookupTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final AccountId OTHER = new AccountId("999999999999");
  private static final Region REGION = new Region("eu-test-1");
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final List<String> NAMES = List.of("GetParameter", "PutParameter", "RunTask");

  private final Random random = new Random(7);
  private final CountedStore store = new CountedStore(new MemoryStore());
  private final State state = new State(new Database(store));
  private final PageTokens pages = new PageTokens(new Seal(new byte[32], new SecureRandom()));
  private final List<AuditEvent> all = new ArrayList<>();

  private AuditEvent event(int i, Instant time) {
    boolean old = random.nextInt(5) == 0;
    return new AuditEvent(
        old ? "id-" + i : Ids.timedUuid(time, random),
        time,
        "ssm.amazonaws.com",
        NAMES.get(random.nextInt(NAMES.size())),
        random.nextInt(4) > 0,
        "user-" + random.nextInt(3),
        "AKIA1",
        random.nextBoolean() ? List.of("arn:r" + random.nextInt(3)) : List.of(),
        JsonObject.EMPTY.with("recipientAccountId", ACCOUNT.digits()));
  }

  /** The same event of another account. */
  private static AuditEvent of(AccountId account, AuditEvent event) {
    return new AuditEvent(
        event.id(),
        event.time(),
        event.source(),
        event.name(),
        event.readOnly(),
        event.username(),
        event.accessKeyId(),
        event.resources(),
        event.document().with("recipientAccountId", account.digits()));
  }

  /** Some hundred events in a few seconds, in any order, many in the same millisecond. */
  private void fill(Trail trail) {
    for (int i = 0; i < 700; i++) {
      AuditEvent event = event(i, START.plusMillis(random.nextInt(40) * 100L));
      all.add(event);
      if (random.nextInt(3) == 0) {
        boolean _ =
            state.own(
                tx -> {
                  trail.log().stage(tx, ACCOUNT, REGION, event);
                  return true;
                });
      } else {
        trail.log().append(ACCOUNT, REGION, event);
        trail.log().append(ACCOUNT, new Region("us-test-2"), event);
        trail.log().append(OTHER, REGION, of(OTHER, event));
      }
      if (i % 100 == 0) {
        LockSupport.parkNanos(
            60_000_000); // so that there are several blocks and sheets of a second
      }
    }
    all.sort(Comparator.comparing(AuditEvent::time).reversed().thenComparing(AuditEvent::id));
    trail.close();
  }

  private static Call call() {
    var identity =
        new Principal.Identity(
            Principal.Kind.USER, ACCOUNT, "AIDA1", "ann", Arn.global("iam", ACCOUNT, "user/ann"));
    return new Call(
        new RequestId("r"),
        new Principal(identity, "AKIA1", Map.of(), null),
        REGION,
        START.plusSeconds(60),
        Origin.PLATFORM,
        List.of(),
        new CallRecord(
            new dev.holdfast.service.AuditLog() {
              @Override
              public void stage(
                  dev.holdfast.store.Tx tx, AccountId account, Region region, AuditEvent event) {}

              @Override
              public void append(AccountId account, Region region, AuditEvent event) {}
            },
            "lookup",
            "cloudtrail.amazonaws.com",
            "LookupEvents"));
  }

  private List<String> paged(LookupEventsRequest request) {
    var found = new ArrayList<String>();
    var operation = new LookupEvents(state, pages);
    String token = null;
    do {
      LookupEventsResponse page =
          operation.handle(call(), request.toBuilder().nextToken(token).build());
      found.addAll(page.events().stream().map(Event::eventId).toList());
      token = page.nextToken();
    } while (token != null);
    return found;
  }

  private void compare(
      @Nullable String key, @Nullable String value, int limit, Predicate<AuditEvent> wanted) {
    var request = LookupEventsRequest.builder().maxResults(limit);
    if (key != null) {
      request.lookupAttributes(
          List.of(LookupAttribute.builder().attributeKey(key).attributeValue(value).build()));
    }
    assertThat(paged(request.build()))
        .as("by %s %s, %d at a time", key, value, limit)
        .containsExactlyElementsOf(all.stream().filter(wanted).map(AuditEvent::id).toList());
    Instant from = START.plusMillis(900);
    Instant until = START.plusMillis(2_300);
    assertThat(paged(request.startTime(from).endTime(until).build()))
        .as("by %s %s, within a time", key, value)
        .containsExactlyElementsOf(
            all.stream()
                .filter(wanted)
                .filter(e -> !e.time().isBefore(from) && !e.time().isAfter(until))
                .map(AuditEvent::id)
                .toList());
  }

  @Test
  void aWalkShowsEachEventOfAllRegionsOnce() {
    Trail trail = Trail.create(state, pages, () -> START.plusSeconds(30));
    fill(trail);
    Instant from = START.plusMillis(1_700);
    List<AuditEvent> kept =
        state.read(Kept::events).stream()
            .filter(e -> ACCOUNT.digits().equals(e.document().string("recipientAccountId")))
            .toList();
    var seen = new ArrayList<AuditEvent>();
    Walk.Seen whole = trail.each(ACCOUNT, from, 10_000, seen::add);
    assertThat(whole.all()).isTrue();
    assertThat(seen)
        .hasSizeGreaterThan(500)
        .containsExactlyInAnyOrderElementsOf(
            kept.stream().filter(e -> !e.time().isBefore(from)).toList());
    seen.clear();
    Walk.Seen some = trail.each(ACCOUNT, START, 100, seen::add);
    assertThat(some).isEqualTo(new Walk.Seen(100, false));
    assertThat(seen).hasSize(100);
    assertThat(trail.each(ACCOUNT, START.plusSeconds(60), 10_000, seen::add).events())
        .as("what is older is passed over by its place")
        .isZero();
  }

  @Test
  void findsWhatAPlainFilterFindsInTheSameOrder() {
    Trail trail = Trail.create(state, pages, () -> START.plusSeconds(10));
    fill(trail);
    assertThat(trail.verify().faults()).isEmpty();
    for (int limit : List.of(1, 7, 50)) {
      compare(null, null, limit, _ -> true);
      compare("EventName", "RunTask", limit, e -> e.name().equals("RunTask"));
      compare("EventName", "Nothing", limit, _ -> false);
      compare("ResourceName", "arn:r1", limit, e -> e.resources().contains("arn:r1"));
      compare("Username", "user-2", limit, e -> e.username().equals("user-2"));
      compare("ReadOnly", "false", limit, e -> !e.readOnly());
    }
    for (AuditEvent event : all) {
      compare("EventId", event.id(), 50, e -> e.id().equals(event.id()));
    }
    compare("EventId", Ids.timedUuid(START.plusMillis(500), random), 50, _ -> false);
    compare("EventId", "ffffffff-ffff-7fff-bfff-ffffffffffff", 50, _ -> false);
    compare("EventId", "no such id", 50, _ -> false);
  }

  /** However many events have a name, a page of them reads little more than a page. */
  @Test
  void readsNoMoreThanItShows() {
    Trail trail = Trail.create(state, pages, () -> START.plusSeconds(10_000));
    for (int i = 0; i < 3_000; i++) {
      var event =
          new AuditEvent(
              Ids.timedUuid(START.plusSeconds(i), random),
              START.plusSeconds(i),
              "ssm.amazonaws.com",
              "PutParameter",
              i % 2 == 0,
              "ann",
              "AKIA1",
              List.of("arn:one"),
              JsonObject.EMPTY);
      if (i % 2 == 0) {
        trail.log().append(ACCOUNT, REGION, event);
      } else {
        boolean _ =
            state.own(
                tx -> {
                  trail.log().stage(tx, ACCOUNT, REGION, event);
                  return true;
                });
      }
    }
    trail.close();
    for (String key : List.of("EventName", "ResourceName")) {
      String value = key.equals("EventName") ? "PutParameter" : "arn:one";
      store.reset();
      var response =
          new LookupEvents(state, pages)
              .handle(
                  call(),
                  LookupEventsRequest.builder()
                      .lookupAttributes(
                          List.of(
                              LookupAttribute.builder()
                                  .attributeKey(key)
                                  .attributeValue(value)
                                  .build()))
                      .build());
      assertThat(response.events()).hasSize(50);
      assertThat(store.entries()).as("entries read by " + key).isLessThan(900);
    }
  }
}
