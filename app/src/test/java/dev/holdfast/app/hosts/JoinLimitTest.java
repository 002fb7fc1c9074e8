// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JoinLimitTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private final JoinLimit limit = new JoinLimit();

  private int admitted(String address, int times, long now) {
    int admitted = 0;
    for (int i = 0; i < times; i++) {
      admitted += limit.admits(address, now) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void tenAMinuteFromOneAddress() {
    long now = Long.MAX_VALUE - 5; // nanoTime may be anywhere, and go past its end
    assertThat(admitted("192.0.2.1", 20, now)).isEqualTo(10);
    assertThat(admitted("192.0.2.2", 20, now)).isEqualTo(10);
    assertThat(admitted("192.0.2.1", 20, now + MINUTE - 1)).isZero();
    assertThat(admitted("192.0.2.1", 20, now + MINUTE)).isEqualTo(10);
  }

  @Test
  void threeHundredAMinuteInAllWhateverTheAddresses() {
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      admitted += admitted("2001:db8:0:" + Integer.toHexString(i) + "::1", 1, 7);
    }
    assertThat(admitted).isEqualTo(300);
  }

  @Test
  void anAddressOfIpv6CountsByItsFirst64Bits() {
    assertThat(admitted("2001:db8:1:2::1", 10, 7)).isEqualTo(10);
    assertThat(admitted("2001:db8:1:2:ffff:ffff:ffff:ffff", 1, 7)).isZero();
    assertThat(admitted("2001:0db8:0001:0002:0:0:0:3", 1, 7)).isZero();
    assertThat(admitted("2001:db8:1:3::1", 1, 7)).isEqualTo(1);
    assertThat(JoinLimit.network("fe80::1%eth0")).isEqualTo(JoinLimit.network("fe80::2"));
    assertThat(JoinLimit.network("::ffff:192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(JoinLimit.network("192.0.2.1")).isEqualTo("192.0.2.1");
  }
}
