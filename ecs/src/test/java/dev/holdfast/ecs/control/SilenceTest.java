// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.port.Clocks;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SilenceTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final ContainerInstance INSTANCE =
      new ContainerInstance(
          new ContainerInstance.Key(
              new AccountId("123456789012"), new Region("eu-test-1"), "shop", "a".repeat(32)),
          "a".repeat(32),
          new ContainerInstance.Binding("AROABOX", "session/mi-one"),
          ContainerInstance.Status.ACTIVE,
          NOW,
          JsonObject.EMPTY,
          0,
          1);
  private static final String NAME = INSTANCE.key().arn().toString();

  private long seconds;
  private Duration leap = Duration.ZERO;
  private Duration taken = Duration.ZERO;
  private final Connections connections = new Connections(this::nanos);
  private final Silence silence =
      new Silence(
          connections,
          new Clocks(
              () -> NOW.plusSeconds(seconds).plus(leap),
              () -> NOW.plusSeconds(seconds).plus(taken),
              this::nanos));

  private long nanos() {
    return Duration.ofSeconds(seconds).toNanos();
  }

  private boolean lost(int at) {
    seconds = at;
    silence.look();
    return silence.lost(INSTANCE);
  }

  private Connections.Lease connect() {
    return connections.open(NAME, new Connections.Peer("1", "1")).orElseThrow();
  }

  @Test
  void takesNobodyForLostWhoIsConnected() {
    try (var _ = connect()) {
      assertThat(lost(0)).isFalse();
      assertThat(lost(10_000)).isFalse();
    }
  }

  @Test
  void countsFromTheEndOfAStreamThatWasClosed() {
    connect().close();
    assertThat(lost(0)).isFalse();
    assertThat(lost(89)).isFalse();
    assertThat(lost(90)).isTrue();
  }

  @Test
  void countsFromTheLastWordOfAStreamThatFellSilent() {
    var lease = connect();
    connections.silent(NAME, -Duration.ofSeconds(90).toNanos());
    lease.close();
    assertThat(lost(0)).as("the agent has a moment to come back").isFalse();
    assertThat(lost(9)).isFalse();
    assertThat(lost(10)).isTrue();
  }

  @Test
  void forgetsASilenceWhenTheAgentComesBack() {
    var lease = connect();
    connections.silent(NAME, -Duration.ofSeconds(90).toNanos());
    lease.close();
    assertThat(lost(0)).isFalse();
    try (var _ = connect()) {
      assertThat(lost(5)).isFalse();
    }
    assertThat(lost(20)).isFalse();
    assertThat(lost(109)).isFalse();
    assertThat(lost(110)).isTrue();
  }

  @Test
  void countsFromTheStartOfTheProcess() {
    assertThat(lost(0)).isFalse();
    assertThat(lost(89)).isFalse();
    assertThat(lost(90)).isTrue();
  }

  @Test
  void takesNobodyForLostByAClockThatLeapt() {
    var lease = connect();
    assertThat(lost(0)).isFalse();
    leap = Duration.ofDays(3653);
    assertThat(lost(1)).isFalse();
    lease.close(); // its agent signs by its own clock, and is refused
    assertThat(lost(2)).isFalse();
    assertThat(lost(100_000)).isFalse();
    leap = Duration.ZERO;
    assertThat(lost(100_001)).as("the clock was mended, and it is still not back").isTrue();
  }

  @Test
  void takesForLostWhoWasLetInAfterTheLeap() {
    connect().close();
    leap = Duration.ofHours(2);
    assertThat(lost(1)).isFalse();
    seconds = 20;
    var lease = connect();
    assertThat(lost(20)).isFalse();
    lease.close();
    assertThat(lost(30)).isFalse();
    assertThat(lost(120)).isTrue();
  }

  @Test
  void takesForLostAgainOnceTheLeapIsBelieved() {
    assertThat(lost(0)).isFalse();
    leap = Duration.ofHours(2);
    assertThat(lost(200)).isFalse();
    taken = leap;
    assertThat(lost(201)).isTrue();
  }

  @Test
  void goesOnTakingForLostWhoWasBeforeTheLeap() {
    assertThat(lost(0)).isFalse();
    assertThat(lost(90)).isTrue();
    leap = Duration.ofDays(3653);
    assertThat(lost(91)).isTrue();
  }

  @Test
  void waitsNoLongerForAClockThatGoesBack() {
    assertThat(lost(0)).isFalse();
    leap = Duration.ofHours(-1);
    taken = leap;
    assertThat(lost(89)).isFalse();
    assertThat(lost(90)).isTrue();
  }

  @Test
  void takesATimeOffForNoLeap() {
    leap = Duration.ofDays(2); // the platform was off, and what it has settled on is of before
    assertThat(lost(0)).isFalse();
    assertThat(lost(90)).isTrue();
  }

  @Test
  void takesYearsOffForALeap() {
    leap = Duration.ofDays(3653);
    assertThat(lost(0)).isFalse();
    assertThat(lost(900)).isFalse();
  }
}
