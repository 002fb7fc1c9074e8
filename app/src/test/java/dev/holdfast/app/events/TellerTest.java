// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.control.Journal;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.PendingEvent;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TellerTest {
  private static final String SECRET = "0123456789abcdef";

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<String> epoch = new AtomicReference<>("events");
  private final InstantSource clock = () -> Instant.now().plus(ahead.get());
  private final State state = new State(new Database(new MemoryStore()));
  private final Journal journal =
      new Journal(state, (_, event) -> JsonObject.EMPTY.with("order", event.key().order()));
  private Listener listener;
  private Teller teller;
  private long order;

  @SuppressWarnings("NullAway.Init")
  TellerTest() {}

  @BeforeEach
  void open() throws IOException {
    listener = new Listener();
    teller = teller();
    set();
  }

  @AfterEach
  void close() throws IOException {
    teller.close();
    listener.close();
  }

  private Teller teller() {
    var delivery = new Delivery(Duration.ofMillis(500));
    return new Teller(
        new Teller.Ground(state, clock, epoch::get), journal, delivery, Duration.ofMillis(20));
  }

  private void set() {
    state.own(
        tx -> {
          tx.put(
              Webhook.TABLE,
              Table.PLATFORM,
              Webhook.KEY,
              new Webhook(listener.url(), SECRET, false, "events", clock.instant()));
          tx.put(
              Webhook.POSITION,
              Table.PLATFORM,
              Webhook.KEY,
              new Webhook.Position(journal.newest(), 0));
          return tx;
        });
    teller.changed();
  }

  private void happen(int events) {
    for (int i = 0; i < events; i++) {
      order++;
      var event =
          new PendingEvent(
              new PendingEvent.Key("task", order, "x"),
              clock.instant(),
              PendingEvent.TASK,
              new PendingEvent.Place(
                  new AccountId("111122223333"), new Region("eu-test-1"), "shop"),
              "task",
              "web",
              null,
              null,
              null,
              JsonObject.EMPTY);
      state.own(
          tx -> {
            tx.put(EcsTables.PENDING_EVENTS, Table.PLATFORM, event.key(), event);
            return event;
          });
    }
    journal.drain();
  }

  private static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    var never = new CountDownLatch(1);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      boolean _ = never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  private long told() {
    Webhook.@Nullable Position at = state.read(view -> Webhook.position(view));
    return at == null ? -1 : at.number();
  }

  private void toldUpTo(long number) throws InterruptedException {
    until("told up to " + number, () -> told() == number);
  }

  @Test
  void tellsEveryEventInOrderAndSigned() throws Exception {
    teller.start();
    happen(100);
    toldUpTo(100);
    assertThat(listener.bodies())
        .hasSize(100)
        .startsWith("{\"order\":1}")
        .endsWith("{\"order\":100}");
    Listener.Heard first = listener.heard().getFirst();
    var hook = new Webhook(listener.url(), SECRET, false, "events", Instant.EPOCH);
    assertThat(first.head())
        .contains("X-Holdfast-Event: 1\r\n")
        .contains(
            "X-Holdfast-Signature: v1="
                + hook.signature(
                    Long.parseLong(first.field("X-Holdfast-Time")),
                    first.body().getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .doesNotContain(SECRET);
    assertThat(teller.warnings()).isEmpty();
  }

  @Test
  void aReceiverThatFailsGetsTheSameEventAgainAndThenTheNext() throws Exception {
    listener.answers("HTTP/1.1 500 no", "HTTP/1.1 302 elsewhere\r\nLocation: http://127.0.0.1:1/");
    teller.start();
    happen(2);
    toldUpTo(2);
    assertThat(listener.bodies())
        .containsExactly("{\"order\":1}", "{\"order\":1}", "{\"order\":1}", "{\"order\":2}");
  }

  @Test
  void aReceiverThatHangsHoldsNothingUp() throws Exception {
    listener.hangs(true);
    teller.start();
    happen(3);
    until("it is tried", () -> listener.heard().size() >= 2);
    happen(3); // what happens is written down all the same
    assertThat(journal.newest()).isEqualTo(6);
    assertThat(teller.standing().orElseThrow().behind()).isEqualTo(6);
    ahead.set(Duration.ofMinutes(2));
    until(
        "it is said",
        () ->
            teller.warnings().stream()
                .anyMatch(
                    w ->
                        w.startsWith(
                            "6 events are not told to " + Receiver.shown(listener.url()))));
    listener.hangs(false);
    toldUpTo(6);
    assertThat(teller.warnings()).isEmpty();
  }

  @Test
  void anAnswerThatComesTooLateIsNone() throws Exception {
    listener.delays(Duration.ofMillis(900));
    teller.start();
    happen(1);
    until("it is tried again", () -> listener.bodies().size() >= 2);
    assertThat(listener.bodies()).containsOnly("{\"order\":1}");
    listener.delays(Duration.ZERO);
    toldUpTo(1);
  }

  @Test
  void goesOnWhereItWasAfterARestart() throws Exception {
    teller.start();
    happen(5);
    toldUpTo(5);
    teller.close();
    happen(5);
    teller = teller();
    teller.start();
    toldUpTo(10);
    assertThat(listener.bodies()).hasSize(10).endsWith("{\"order\":10}");
  }

  @Test
  void whatWasToldToTheReceiverBeforeIsNotThePositionOfTheNext() throws Exception {
    listener.hangs(true);
    teller.start();
    happen(3);
    until("it is tried", () -> !listener.heard().isEmpty());
    // The row is another one; the teller does not know of it yet.
    state.own(
        tx -> {
          tx.put(
              Webhook.TABLE,
              Table.PLATFORM,
              Webhook.KEY,
              new Webhook(listener.url(), SECRET + "x", false, "events", clock.instant()));
          tx.put(
              Webhook.POSITION,
              Table.PLATFORM,
              Webhook.KEY,
              new Webhook.Position(journal.newest(), 7));
          return tx;
        });
    int tried = listener.heard().size();
    until("it is tried again", () -> listener.heard().size() > tried + 1);
    Webhook.@Nullable Position kept = state.read(view -> Webhook.position(view));
    assertThat(kept).isEqualTo(new Webhook.Position(3, 7));
    listener.hangs(false);
    teller.changed();
    happen(1);
    toldUpTo(4);
    assertThat(teller.standing().orElseThrow().givenUp()).isEqualTo(7);
  }

  @Test
  void givesAnEventUpADayAfterItHappened() throws Exception {
    listener.answers(); // whatever comes is refused from here on
    listener.refuses(true);
    teller.start();
    happen(2);
    until("it is tried", () -> !listener.bodies().isEmpty());
    ahead.set(Teller.PATIENCE.plusMinutes(1));
    toldUpTo(2);
    assertThat(teller.standing().orElseThrow().givenUp()).isEqualTo(2);
    listener.refuses(false);
    happen(1);
    toldUpTo(3);
    assertThat(listener.bodies()).endsWith("{\"order\":3}");
  }

  @Test
  void tellsNothingAfterARestoreUntilItIsSaidAgain() throws Exception {
    epoch.set("events of epoch two");
    teller.start();
    happen(1);
    assertThat(teller.warnings()).anyMatch(w -> w.contains("since this installation was restored"));
    assertThat(teller.standing().orElseThrow().on()).isFalse();
    epoch.set("events");
    teller.changed();
    toldUpTo(1);
    assertThat(listener.bodies()).containsExactly("{\"order\":1}");
  }

  @Test
  void aRemovedReceiverIsToldNothing() throws Exception {
    teller.start();
    happen(1);
    toldUpTo(1);
    state.own(
        tx -> {
          tx.delete(Webhook.TABLE, Table.PLATFORM, Webhook.KEY);
          tx.delete(Webhook.POSITION, Table.PLATFORM, Webhook.KEY);
          return tx;
        });
    teller.changed();
    happen(1);
    assertThat(teller.standing()).isEmpty();
    set();
    happen(1);
    toldUpTo(3);
    assertThat(listener.bodies()).isEqualTo(List.of("{\"order\":1}", "{\"order\":3}"));
  }
}
