// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What each engine promises. An engine's test is a subclass that opens it. */
public abstract class StoreContract extends StoreFixture {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  public void startsEmptyBeforeTheFirstRevision() {
    assertThat(revision()).isEqualTo(Revision.NONE);
    assertThat(keys(KeyRange.ALL, 10)).isEmpty();
    assertThat(state(KeyRange.ALL)).isEqualTo(RangeState.EMPTY);
  }

  @Test
  public void numbersEachWritingCommitByOne() {
    assertThat(put("a", "1")).isEqualTo(new Revision(1));
    assertThat(put("a", "2")).isEqualTo(new Revision(2));
    assertThat(store().commit(new Commit(List.of(), Map.of(), Set.of())))
        .isEqualTo(new Revision(2));
    try (Snapshot snapshot = store().read()) {
      Entry entry = entry(snapshot, "a");
      assertThat(entry.modRevision()).isEqualTo(new Revision(2));
      assertThat(snapshot.revision()).isEqualTo(new Revision(2));
    }
  }

  @Test
  public void makesAllWritesOfACommitOrNone() {
    put("a", "1");
    store()
        .commit(Commit.put(key("b"), bytes("2")).andPut(key("c"), bytes("3")).andDelete(key("a")));
    assertThat(keys(KeyRange.ALL, 10)).containsExactly("b", "c");
    Commit refused =
        Commit.put(key("d"), bytes("4"))
            .andDelete(key("b"))
            .expecting(new Expect.Point(key("c"), new Revision(1)));
    assertThatThrownBy(() -> store().commit(refused)).isInstanceOf(ConflictException.class);
    assertThat(keys(KeyRange.ALL, 10)).containsExactly("b", "c");
    assertThat(revision()).isEqualTo(new Revision(2));
  }

  @Test
  public void checksThatAKeyIsAbsent() {
    Commit create =
        Commit.put(key("a"), bytes("1")).expecting(new Expect.Point(key("a"), Revision.NONE));
    store().commit(create);
    assertThatThrownBy(() -> store().commit(create)).isInstanceOf(ConflictException.class);
    store().commit(Commit.delete(key("a")));
    store().commit(create);
    assertThat(get("a")).isEqualTo("1");
  }

  @Test
  public void checksThatAKeyStandsAtItsRevision() {
    Revision first = put("a", "1");
    Commit change = Commit.put(key("a"), bytes("2")).expecting(new Expect.Point(key("a"), first));
    store().commit(change);
    assertThatThrownBy(() -> store().commit(change)).isInstanceOf(ConflictException.class);
    assertThat(get("a")).isEqualTo("2");
  }

  @Test
  public void checksWithoutWriting() {
    Revision first = put("a", "1");
    Commit check = new Commit(List.of(new Expect.Point(key("a"), first)), Map.of(), Set.of());
    assertThat(store().commit(check)).isEqualTo(first);
    put("a", "2");
    assertThatThrownBy(() -> store().commit(check)).isInstanceOf(ConflictException.class);
  }

  @Test
  public void seesPutsUpdatesAndDeletesInAnExpectedRange() {
    KeyRange range = new KeyRange(key("b"), key("d"));
    put("b", "1");
    put("c", "1");
    List<Commit> intruders =
        List.of(
            Commit.put(key("bb"), bytes("new")),
            Commit.put(key("b"), bytes("update")),
            Commit.delete(key("b")),
            Commit.delete(key("c")).andPut(key("cc"), bytes("swap")));
    for (Commit intruder : intruders) {
      Expect.Unchanged before = unchanged(range);
      store().commit(intruder);
      Commit late = Commit.put(key("z"), bytes("1")).expecting(before);
      assertThatThrownBy(() -> store().commit(late)).isInstanceOf(ConflictException.class);
    }
  }

  @Test
  public void ignoresChangesOutsideAnExpectedRange() {
    KeyRange range = new KeyRange(key("b"), key("d"));
    put("b", "1");
    Expect.Unchanged before = unchanged(range);
    put("a", "1");
    put("d", "1");
    store().commit(Commit.delete(key("c")));
    store().commit(Commit.put(key("z"), bytes("1")).expecting(before));
    assertThat(get("z")).isEqualTo("1");
  }

  @Test
  public void remembersRangesLongerThanItsHistory() {
    KeyRange range = KeyRange.prefix(key("x"));
    put("x1", "1");
    put("x2", "1");
    Expect.Unchanged before = unchanged(range);
    forgetHistory();
    store().commit(Commit.put(key("z"), bytes("1")).expecting(before));
    store().commit(Commit.delete(key("x1")));
    forgetHistory();
    Commit late = Commit.put(key("z"), bytes("2")).expecting(before);
    assertThatThrownBy(() -> store().commit(late)).isInstanceOf(ConflictException.class);
  }

  /** One commit larger than any history. */
  private void forgetHistory() {
    var puts = new java.util.HashMap<Key, byte[]>();
    for (int i = 0; i < 70_000; i++) {
      puts.put(key("filler" + i), new byte[0]);
    }
    store().commit(new Commit(List.of(), puts, Set.of()));
    put("filler", "");
  }

  @Test
  public void keepsSnapshotsApartFromLaterCommits() {
    put("a", "1");
    put("b", "1");
    try (Snapshot snapshot = store().read()) {
      put("a", "2");
      store().commit(Commit.delete(key("b")));
      put("c", "3");
      assertThat(get(snapshot, "a")).isEqualTo("1");
      assertThat(get(snapshot, "b")).isEqualTo("1");
      assertThat(get(snapshot, "c")).isNull();
      assertThat(snapshot.list(KeyRange.ALL, 10)).hasSize(2);
      assertThat(snapshot.state(KeyRange.ALL)).isEqualTo(new RangeState(2, new Revision(2)));
      assertThat(snapshot.revision()).isEqualTo(new Revision(2));
    }
    assertThat(keys(KeyRange.ALL, 10)).containsExactly("a", "c");
  }

  @Test
  public void listsInUnsignedByteOrderWithLimits() {
    for (int b : new int[] {0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF}) {
      store().commit(Commit.put(Key.of(new byte[] {(byte) b}), new byte[] {(byte) b}));
    }
    store().commit(Commit.put(Key.of(new byte[] {(byte) 0xFF, (byte) 0xFF}), new byte[0]));
    try (Snapshot snapshot = store().read()) {
      assertThat(snapshot.list(KeyRange.ALL, 100).stream().map(e -> e.key().toString()))
          .containsExactly("00", "01", "7f", "80", "fe", "ff", "ffff");
      assertThat(snapshot.last(KeyRange.ALL, 100).stream().map(e -> e.key().toString()))
          .containsExactly("ffff", "ff", "fe", "80", "7f", "01", "00");
      assertThat(snapshot.list(KeyRange.ALL, 2)).hasSize(2);
      assertThat(snapshot.last(KeyRange.ALL, 2)).hasSize(2);
      assertThat(snapshot.list(KeyRange.prefix(Key.of(new byte[] {(byte) 0xFF})), 9)).hasSize(2);
      assertThat(snapshot.first(new KeyRange(Key.of(new byte[] {2}), null)))
          .isEqualTo(Key.of(new byte[] {0x7F}));
      assertThat(snapshot.first(KeyRange.of(Key.of("nothing")))).isNull();
    }
  }

  @Test
  public void keepsEmptyAndLargeValues() {
    byte[] large = new byte[300_000];
    large[299_999] = 7;
    store().commit(Commit.put(key("empty"), new byte[0]).andPut(key("large"), large));
    try (Snapshot snapshot = store().read()) {
      Entry empty = entry(snapshot, "empty");
      Entry found = entry(snapshot, "large");
      assertThat(empty.value()).isEmpty();
      assertThat(found.value()).isEqualTo(large);
    }
  }

  @Test
  public void isNotChangedThroughArraysOfItsCallers() {
    byte[] value = bytes("one");
    store().commit(Commit.put(key("a"), value));
    value[0] = 'X';
    try (Snapshot snapshot = store().read()) {
      Entry entry = entry(snapshot, "a");
      entry.value()[0] = 'Y';
    }
    assertThat(get("a")).isEqualTo("one");
  }

  @Test
  public void tellsAWatchEachChangeOfItsRangeInOrder() {
    Revision start = put("a1", "0");
    try (Watch watch = store().watch(KeyRange.prefix(key("a")), start)) {
      put("a2", "1");
      put("b", "1");
      store()
          .commit(
              Commit.put(key("a3"), bytes("1")).andDelete(key("a1")).andPut(key("c"), bytes("")));
      store().commit(Commit.delete(key("absent")));
      put("a2", "2");
      List<String> seen = new ArrayList<>();
      while (seen.size() < 4) {
        List<Event> events = watch.next(LONG);
        assertThat(events).isNotEmpty();
        events.forEach(
            e ->
                seen.add(
                    e.revision().number()
                        + " "
                        + e.kind()
                        + " "
                        + new String(e.key().bytes(), StandardCharsets.UTF_8)));
      }
      assertThat(seen).containsExactly("2 PUT a2", "4 PUT a3", "4 DELETE a1", "6 PUT a2");
      assertThat(watch.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  public void wakesAWaitingWatch() throws Exception {
    try (Watch watch = store().watch(KeyRange.ALL, revision())) {
      var seen = new AtomicReference<List<Event>>();
      Thread waiting = Thread.ofVirtual().start(() -> seen.set(watch.next(LONG)));
      while (waiting.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      Revision revision = put("a", "1");
      waiting.join();
      assertThat(seen.get()).containsExactly(new Event(key("a"), revision, Event.Kind.PUT));
    }
  }

  @Test
  public void showsAWatcherTheStateItWasToldOf() throws Exception {
    try (Watch watch = store().watch(KeyRange.ALL, revision())) {
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      put("k", "" + i);
                    }
                  });
      long seen = 0;
      while (seen < 200) {
        List<Event> events = watch.next(LONG);
        assertThat(events).isNotEmpty();
        seen = events.getLast().revision().number();
        assertThat(revision().number()).isGreaterThanOrEqualTo(seen);
      }
      writer.join();
    }
  }

  @Test
  public void tellsASlowWatchThatItMissedCommits() {
    put("a", "1");
    try (Watch quiet = store().watch(KeyRange.of(key("quiet")), revision());
        Watch slow = store().watch(KeyRange.of(key("a")), Revision.NONE)) {
      forgetHistory();
      assertThatThrownBy(() -> slow.next(Duration.ZERO)).isInstanceOf(CompactedException.class);
      assertThat(quiet.next(Duration.ZERO)).isEmpty();
      assertThatThrownBy(() -> store().watch(KeyRange.ALL, Revision.NONE))
          .isInstanceOf(CompactedException.class);
    }
  }

  @Test
  public void endsItsWatchesWhenItCloses() {
    Watch watch = store().watch(KeyRange.ALL, Revision.NONE);
    store().close();
    assertThatThrownBy(() -> watch.next(LONG)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> store().read()).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> put("a", "1")).isInstanceOf(StoreUnavailable.class);
    watch.close();
  }

  @Test
  public void keepsStateAndRevisionsWhenReopened() throws Exception {
    put("a", "1");
    put("b", "2");
    store().commit(Commit.delete(key("a")));
    use(reopen(store()));
    assertThat(get("a")).isNull();
    assertThat(get("b")).isEqualTo("2");
    assertThat(revision()).isEqualTo(new Revision(3));
    assertThat(put("c", "3")).isEqualTo(new Revision(4));
  }

  @Test
  public void losesNoUpdateOfManyThreads() throws Exception {
    int threads = 16;
    int each = 25;
    var running = new ArrayList<Thread>();
    for (int t = 0; t < threads; t++) {
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < each; i++) {
                      increment();
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertThat(get("counter")).isEqualTo("" + threads * each);
    assertThat(revision()).isEqualTo(new Revision((long) threads * each));
  }

  private void increment() {
    while (true) {
      Entry entry;
      try (Snapshot snapshot = store().read()) {
        entry = snapshot.get(key("counter"));
      }
      int count =
          entry == null ? 0 : Integer.parseInt(new String(entry.value(), StandardCharsets.UTF_8));
      Revision at = entry == null ? Revision.NONE : entry.modRevision();
      try {
        store()
            .commit(
                Commit.put(key("counter"), bytes("" + (count + 1)))
                    .expecting(new Expect.Point(key("counter"), at)));
        return;
      } catch (ConflictException _) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  public void agreesWithTheReferenceModelOnRandomHistories() throws Exception {
    for (long seed = 1; seed <= 6; seed++) {
      store().close();
      use(open());
      use(new RandomHistory(seed, 600).run(store(), this::reopen));
    }
  }
}
