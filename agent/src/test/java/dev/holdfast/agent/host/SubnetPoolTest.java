// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.host.SubnetPool.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubnetPoolTest {
  @Test
  void cutsTheFirstFreePieceFromTheStart() {
    SubnetPool pool = SubnetPool.parse("10.213.0.0/24");
    assertThat(pool.next(List.of(), 0)).contains(Subnet.parse("10.213.0.0/28"));
    assertThat(pool.next(List.of(Subnet.parse("10.213.0.16/28")), 1))
        .contains(Subnet.parse("10.213.0.32/28"));
    assertThat(pool.next(List.of(), -1).orElseThrow().gateway()).isEqualTo("10.213.0.241");
    assertThat(pool.next(List.of(Subnet.parse("10.0.0.0/8")), 0)).isEmpty();
  }
}
