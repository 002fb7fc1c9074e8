// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.KeptDenial;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many denials are told and kept, and for how long. */
class DenialsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final AccountId A = new AccountId("111111111111");
  private static final AccountId B = new AccountId("222222222222");

  private final DenialRate rate = new DenialRate();

  private int taken(AccountId account, Instant now) {
    int taken = 0;
    while (taken < 1_000 && rate.take(account, now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void someAreToldAtOnceAndThenSoManyASecond() {
    assertThat(taken(A, NOW)).isEqualTo(DenialRate.AT_ONCE);
    assertThat(taken(A, NOW.plusMillis(99))).isZero();
    assertThat(taken(A, NOW.plusSeconds(1))).isEqualTo(DenialRate.A_SECOND);
    assertThat(taken(A, NOW.plusSeconds(1_000))).isEqualTo(DenialRate.AT_ONCE);
  }

  @Test
  void accountsAreApart() {
    taken(A, NOW);
    assertThat(taken(B, NOW)).isEqualTo(DenialRate.AT_ONCE);
  }

  @Test
  void aClockThatIsPutBackGivesNothingAndStopsNothing() {
    taken(A, NOW);
    assertThat(taken(A, NOW.minusSeconds(1))).isZero();
    assertThat(taken(A, NOW.minusSeconds(3_600))).isZero();
    assertThat(taken(A, NOW.minusSeconds(3_599))).isEqualTo(DenialRate.A_SECOND);
  }

  @Test
  void onlySoManyAccountsAreKnown() {
    for (int i = 0; i < 1_500; i++) {
      rate.take(new AccountId("%012d".formatted(i + 1)), NOW);
    }
    assertThat(rate.accounts()).isEqualTo(1_000);
  }

  /** Whoever is denied often loses the oldest of their own. */
  @Test
  void nobodysDenialsPushOutAnothers() {
    var state = new State(new Database(new MemoryStore()));
    for (int from = 0; from < 21_000; from += 1_000) {
      int first = from;
      state.own(
          tx -> {
            for (int i = first; i < first + 1_000; i++) {
              String id = "%08d-0000-0000-0000-000000000000".formatted(i);
              AccountId account = i < 10 ? B : A; // B's are the oldest
              Instant at = NOW.plusSeconds(i);
              tx.put(
                  IamTables.DENIALS,
                  Table.PLATFORM,
                  id,
                  new KeptDenial(id, "text", at, account, null));
            }
            return first;
          });
    }
    var denials = new Denials(state);
    assertThat(denials.forget(NOW)).isEqualTo(1_000);
    List<KeptDenial> left = state.read(view -> view.list(IamTables.DENIALS, Table.PLATFORM));
    assertThat(left).hasSize(20_000);
    assertThat(left).filteredOn(denial -> B.equals(denial.account())).hasSize(10);
    assertThat(left.get(10).at()).isEqualTo(NOW.plusSeconds(1_010));
  }

  /** What is not written yet is shared alike: a flood leaves the few of others to be written. */
  @Test
  void nobodysFloodDropsWhatWaitsOfAnother() {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var state =
        new State(
            new Database(new MemoryStore()),
            _ -> {
              begun.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    var denials = new Denials(state);
    denials.keep(denial(0, A));
    assertThatCode(begun::await).doesNotThrowAnyException();
    denials.keep(denial(1, B));
    for (int i = 2; i < 3_000; i++) {
      denials.keep(denial(i, A));
    }
    assertThat(denials.find(denial(1, B).id())).isPresent();
    assertThat(denials.find(denial(2, A).id())).isEmpty();
    assertThat(denials.find(denial(2_999, A).id())).isPresent();
    goOn.countDown();
  }

  /** Long texts take as much room as they are long: a few fill it, and they are the flood's own. */
  @Test
  void whatWaitsIsBoundedByItsLength() {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var state =
        new State(
            new Database(new MemoryStore()),
            _ -> {
              begun.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    var denials = new Denials(state);
    denials.keep(denial(0, A));
    assertThatCode(begun::await).doesNotThrowAnyException();
    for (int i = 1; i <= 200; i++) {
      denials.keep(denial(i, B));
    }
    String half = "x".repeat(64 * 1024);
    for (int i = 1_000; i < 1_500; i++) {
      denials.keep(new KeptDenial(denial(i, A).id(), half, NOW, A, half));
    }
    long ofA = IntStream.range(1_000, 1_500).filter(i -> waits(denials, i, A)).count();
    long ofB = IntStream.rangeClosed(1, 200).filter(i -> waits(denials, i, B)).count();
    assertThat(ofB).as("another's few").isEqualTo(200);
    assertThat(ofA * 128 * 1024).isBetween(12L << 20, 16L << 20);
    assertThat(waits(denials, 1_499, A)).as("the newest").isTrue();
    goOn.countDown();
  }

  private static boolean waits(Denials denials, int i, AccountId account) {
    return denials.find(denial(i, account).id()).isPresent();
  }

  private static KeptDenial denial(int i, AccountId account) {
    return new KeptDenial(
        "%08d-0000-0000-0000-000000000000".formatted(i), "text", NOW, account, null);
  }

  @Test
  void manyOldOnesAreForgottenAndNewOnesStay() {
    var state = new State(new Database(new MemoryStore()));
    for (int from = 0; from < 1_300; from += 100) {
      int first = from;
      state.own(
          tx -> {
            for (int i = first; i < first + 100; i++) {
              String id = "%08d-0000-0000-0000-000000000000".formatted(i);
              Instant at = i % 13 == 0 ? NOW : NOW.minus(Duration.ofDays(8)).plusSeconds(i);
              tx.put(
                  IamTables.DENIALS, Table.PLATFORM, id, new KeptDenial(id, "text", at, A, null));
            }
            return first;
          });
    }
    var denials = new Denials(state);
    assertThat(denials.forget(NOW.minus(Duration.ofDays(7)))).isEqualTo(1_200);
    List<KeptDenial> left = state.read(view -> view.list(IamTables.DENIALS, Table.PLATFORM));
    assertThat(left).hasSize(100).allMatch(denial -> denial.at().equals(NOW));
    assertThat(denials.forget(NOW.minus(Duration.ofDays(7)))).isZero();
  }
}
