// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.session.ChannelMessage;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What of a client's input goes to the host, and when. */
final class TypedInputTest {
  private static ChannelMessage message(long sequence, int bytes) {
    return new ChannelMessage(
        ChannelMessage.INPUT,
        0,
        sequence,
        0,
        new UUID(0, sequence),
        ChannelMessage.DATA,
        new byte[bytes]);
  }

  private static Optional<Long> next(TypedInput typed) {
    return typed.next().map(ChannelMessage::sequence);
  }

  @Test
  void goesAsFarAsTheHostHasRoom() {
    var typed = new TypedInput(10);
    typed.add(message(0, 6));
    typed.add(message(1, 6));
    typed.add(message(2, 6));
    assertThat(next(typed)).contains(0L);
    assertThat(next(typed)).contains(1L);
    assertThat(next(typed)).isEmpty();
    assertThat(typed.holds(1)).isFalse();
    assertThat(typed.holds(2)).isTrue();

    typed.taken(-5); // a host cannot take back
    typed.taken(2);
    assertThat(next(typed)).isEmpty();
    typed.taken(1);
    assertThat(next(typed)).contains(2L);
    assertThat(next(typed)).isEmpty();
  }

  @Test
  void takesNoMoreThanItsBound() {
    var typed = new TypedInput(0);
    typed.add(message(0, TypedInput.MOST - TypedInput.OVERHEAD - 1));
    assertThat(typed.isFull()).isFalse();
    typed.add(message(1, 1));
    assertThat(typed.isFull()).isTrue();
    typed.taken(1);
    assertThat(next(typed)).contains(0L);
    assertThat(typed.isFull()).isFalse();
  }

  @Test
  void smallMessagesAreBoundedByTheirNumber() {
    var typed = new TypedInput(0);
    int most = TypedInput.MOST / TypedInput.OVERHEAD;
    for (int i = 0; i < most; i++) {
      assertThat(typed.isFull()).isFalse();
      typed.add(message(i, 0));
    }
    assertThat(typed.isFull()).isTrue();
  }

  @Test
  void theEndOfAllInputGoesAsFarAsAnything() {
    var typed = new TypedInput(1);
    typed.add(message(0, 1));
    assertThat(typed.isOver()).isFalse();
    typed.add(message(1, 0));
    assertThat(typed.isOver()).isTrue();
    assertThat(next(typed)).contains(0L);
    assertThat(next(typed)).isEmpty();
    typed.taken(1);
    assertThat(next(typed)).contains(1L);
  }
}
