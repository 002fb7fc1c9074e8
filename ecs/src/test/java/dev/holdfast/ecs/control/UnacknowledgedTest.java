// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.session.ChannelMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which of the messages under way is sent again, and when. */
final class UnacknowledgedTest {
  private static final long FIRST = Unacknowledged.FIRST.toNanos();

  private final Unacknowledged underWay = new Unacknowledged();

  private static ChannelMessage message(long sequence) {
    return new ChannelMessage(
        ChannelMessage.OUTPUT,
        0,
        sequence,
        0,
        new UUID(0, sequence),
        ChannelMessage.DATA,
        new byte[0]);
  }

  private Optional<Long> again(long now) {
    return underWay.again(now).map(ChannelMessage::sequence);
  }

  @Test
  void theOldestIsSentAgainUntilItIsAcknowledged() {
    underWay.sent(message(0), 0);
    underWay.sent(message(1), 0);

    assertThat(again(FIRST - 1)).isEmpty();
    assertThat(again(FIRST)).contains(0L);
    assertThat(again(2 * FIRST)).isEmpty();
    assertThat(again(3 * FIRST)).contains(0L);

    underWay.acknowledged(0, 3 * FIRST);
    assertThat(again(4 * FIRST)).contains(1L);
    underWay.acknowledged(1, 4 * FIRST);
    assertThat(underWay.isEmpty()).isTrue();
    assertThat(again(100 * FIRST)).isEmpty();
  }

  @Test
  void oneThatOvertakesIsForgottenAndTheOldestComesAgain() {
    underWay.sent(message(0), 0);
    underWay.sent(message(1), 0);
    underWay.acknowledged(1, FIRST / 2);
    underWay.acknowledged(7, FIRST / 2); // nobody sent it

    assertThat(again(FIRST)).contains(0L);
    underWay.acknowledged(0, FIRST);
    assertThat(underWay.isEmpty()).isTrue();
  }

  @Test
  void aReaderThatIsSlowIsNotFlooded() {
    underWay.sent(message(0), 0);
    List<Duration> sent = new ArrayList<>();
    for (long now = 0; now < Duration.ofHours(1).toNanos(); now += FIRST) {
      if (again(now).isPresent()) {
        sent.add(Duration.ofNanos(now));
      }
    }
    assertThat(sent).hasSize(Unacknowledged.TIMES).startsWith(Unacknowledged.FIRST);
    underWay.acknowledged(0, 0);
    underWay.sent(message(1), 0);
    assertThat(again(FIRST)).contains(1L);
  }

  @Test
  void soManyAreUnderWayAndNoMore() {
    for (int i = 0; i < Unacknowledged.MOST; i++) {
      assertThat(underWay.isFull()).isFalse();
      underWay.sent(message(i), 0);
    }
    assertThat(underWay.isFull()).isTrue();
    underWay.acknowledged(0, 0);
    assertThat(underWay.isFull()).isFalse();
  }
}
