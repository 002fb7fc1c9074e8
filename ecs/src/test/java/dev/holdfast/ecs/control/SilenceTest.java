// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.ContainerInstance;
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

  private final Connections connections = new Connections();
  private final Silence silence = new Silence(connections);

  private boolean lost(int seconds) {
    return silence.lost(INSTANCE, NOW.plusSeconds(seconds));
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
    connections.silent(NAME, NOW.minus(Duration.ofSeconds(90)));
    lease.close();
    assertThat(lost(0)).as("the agent has a moment to come back").isFalse();
    assertThat(lost(9)).isFalse();
    assertThat(lost(10)).isTrue();
  }

  @Test
  void forgetsASilenceWhenTheAgentComesBack() {
    var lease = connect();
    connections.silent(NAME, NOW.minus(Duration.ofSeconds(90)));
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
}
