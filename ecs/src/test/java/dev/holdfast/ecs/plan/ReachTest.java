// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReachTest {
  private static final String NEAR = "http://127.0.0.1:4566";
  private static final List<String> FAR = List.of("192.0.2.10:443", "north.example.com:443");

  @Test
  void anotherMachineIsSentToTls() {
    assertThat(Reach.url("192.0.2.20", NEAR, FAR)).isEqualTo("https://192.0.2.10:443");
    assertThat(Reach.url("2001:db8:0:0:0:0:0:1", NEAR, FAR)).isEqualTo("https://192.0.2.10:443");
  }

  @Test
  void thePlatformsOwnMachineStaysOnLoopback() {
    for (String ip : List.of("127.0.0.1", "127.0.0.2", "0:0:0:0:0:0:0:1", "::1")) {
      assertThat(Reach.url(ip, NEAR, FAR)).as(ip).isEqualTo(NEAR);
    }
    assertThat(Reach.url("192.0.2.20", NEAR, List.of())).isEqualTo(NEAR);
  }
}
