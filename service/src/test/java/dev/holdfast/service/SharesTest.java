// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.AccountId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class SharesTest {
  private static final AccountId A = new AccountId("111111111111");
  private static final AccountId B = new AccountId("222222222222");

  private final AtomicLong now = new AtomicLong(1);

  private Shares shares(int room, int busy, Duration patience) {
    return new Shares(new ShareRule(room, busy, 1), 8, patience, Duration.ofSeconds(1), now::get);
  }

  @ParameterizedTest(name = "{0} of all, {1} own, {2} active: {3}")
  @CsvSource({
    "9, 9, 1, true",
    "10, 10, 1, false",
    // of four that are busy two accounts have two each, and what is left
    "3, 3, 2, true",
    "4, 4, 2, false",
    "4, 1, 2, true",
    "4, 2, 2, false",
    "9, 0, 2, true",
    "400, 0, 400, true",
    "400, 1, 400, false"
  })
  void admitsAShare(int running, int own, int active, boolean admitted) {
    assertThat(new ShareRule(10, 4, 1).admits(running, own, active)).isEqualTo(admitted);
  }

  @Test
  void anAccountAloneHasAllTheRoom() throws Exception {
    Shares shares = shares(10, 4, Duration.ofMillis(1));
    var turns = new ArrayList<Shares.Turn>();
    for (int i = 0; i < 10; i++) {
      turns.add(shares.take(A));
    }
    assertThatThrownBy(() -> shares.take(A)).isInstanceOf(Shares.Throttled.class);
    turns.forEach(Shares.Turn::close);
    shares.take(A).close();
  }

  @Test
  void aFloodLeavesAnotherItsShareAtOnce() throws Exception {
    Shares shares = shares(10, 4, Duration.ofMillis(1));
    var flood = new ArrayList<Shares.Turn>();
    for (int i = 0; i < 10; i++) {
      flood.add(shares.take(A));
    }
    try (Shares.Turn _ = shares.take(B);
        Shares.Turn _ = shares.take(B)) {
      assertThatThrownBy(() -> shares.take(A)).isInstanceOf(Shares.Throttled.class);
      assertThatThrownBy(() -> shares.take(B)).isInstanceOf(Shares.Throttled.class);
    }
    // While the other was there a moment ago, the flood has what all may have and no more.
    flood.subList(0, 6).forEach(Shares.Turn::close);
    assertThatThrownBy(() -> shares.take(A)).isInstanceOf(Shares.Throttled.class);
    now.addAndGet(TimeUnit.SECONDS.toNanos(3));
    shares.take(A).close();
  }

  @Test
  void whoWaitsBeginsWhenAnotherEnds() throws Exception {
    Shares shares = shares(1, 1, Duration.ofSeconds(20));
    Shares.Turn first = shares.take(A);
    var begun = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Shares.Turn _ = shares.take(A)) {
                    begun.countDown();
                  } catch (Shares.Throttled | InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    assertThat(begun.await(50, TimeUnit.MILLISECONDS)).isFalse();
    first.close();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    waiting.join();
    first.close(); // once more changes nothing
    shares.take(A).close();
  }

  @Test
  void waitingHasABoundForEachAccount() throws Exception {
    Shares shares = shares(1, 1, Duration.ofSeconds(20));
    Shares.Turn first = shares.take(A);
    var throttled = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    var begun = new CountDownLatch(12);
    for (int i = 0; i < 12; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    begun.countDown();
                    try (Shares.Turn _ = shares.take(A)) {
                      assertThat(throttled).hasValueLessThanOrEqualTo(12);
                    } catch (Shares.Throttled _) {
                      throttled.incrementAndGet();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (throttled.get() < 4 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    first.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(throttled).hasValue(4);
    assertThat(List.of(shares.take(A), shares.take(B))).hasSize(2);
  }

  @Test
  void aTurnCostsLittle() throws Exception {
    Shares shares = Workload.of(2, 1 << 28).calls();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < 10_000; i++) {
        shares.take(A).close();
      }
      best = Math.min(best, (System.nanoTime() - begin) / 10_000);
    }
    System.getLogger("shares").log(System.Logger.Level.INFO, "figures: a turn costs {0} ns", best);
    assertThat(best).isLessThan(20_000);
  }

  @Test
  void bodiesTakeWhatIsLeftInParts() {
    var room = new BodyRoom(1 << 20);
    try (BodyRoom.Hold first = room.hold();
        BodyRoom.Hold second = room.hold();
        BodyRoom.Hold third = room.hold()) {
      assertThat(first.grow(BodyRoom.SMALL)).isTrue();
      assertThat(room.taken()).as("small ones are not counted").isZero();
      assertThat(first.grow(128 << 10)).isTrue();
      assertThat(first.grow(129 << 10)).as("more than a part of what is left").isFalse();
      assertThat(second.grow(128 << 10)).as("less is left").isFalse();
      assertThat(second.grow(100 << 10)).isTrue();
      assertThat(third.grow(BodyRoom.SMALL)).as("a small one finds room").isTrue();
    }
    assertThat(room.taken()).isZero();
  }
}
