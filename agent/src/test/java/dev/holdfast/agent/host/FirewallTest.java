// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rules say; that they hold is {@code TaskNetworksTest}'s, with a real engine. */
class FirewallTest {
  private final String script =
      new Firewall("test", 51679)
          .script(List.of(new HostNetwork("n", "net", "hf1", "10.0.0.0/28", "10.0.0.1")));

  /** The chains' rules, in order. */
  private List<String> chain(String name) {
    int from = script.indexOf("chain " + name);
    return script
        .substring(from, script.indexOf('}', script.indexOf(" reject\n  }", from)))
        .lines()
        .map(String::strip)
        .toList();
  }

  /** The cloud's instance metadata has an address of IPv6 too, which was open. */
  @Test
  void closesInstanceMetadataInBothProtocolsBeforeAnythingIsLetThrough() {
    List<String> forward = chain("forward");
    int pairs = forward.indexOf("iifname . oifname @pairs accept");
    for (String rule :
        List.of(
            "iifname @bridges ip daddr 169.254.0.0/16 reject",
            "iifname @bridges ip6 daddr { fd00:ec2::254, fe80::/10 } reject",
            "iifname @bridges meta nfproto ipv6 reject",
            "oifname @bridges meta nfproto ipv6 reject")) {
      assertThat(forward.indexOf(rule)).as(rule).isPositive().isLessThan(pairs);
    }
    assertThat(forward.subList(0, pairs)).noneMatch(rule -> rule.endsWith("accept"));
  }

  @Test
  void nothingOfTheHostIsReachedButTheAgentByItsLinkLocalAddress() {
    assertThat(chain("input"))
        .containsSubsequence(
            "iifname @bridges tcp dport 51679 ct status dnat accept", "iifname @bridges reject");
    assertThat(script).doesNotContain("route_localnet");
  }
}
