// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.AgentOptions;
import dev.holdfast.agent.host.SubnetPool;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentFuzzTest {
  @Test
  void optionsAndReferencesAreReadOrRefused() {
    Fuzz.run(AgentFuzzTest.class, "options", AgentFuzzTest::options);
  }

  static String options(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    String kind = reference(text) + subnet(text);
    try {
      AgentOptions options = AgentOptions.parse(List.of(text.split("\n", -1)));
      assertThat(options.installation()).matches("[a-z0-9]{1,32}");
      return kind + " options " + options.network().subnets().length() % 4;
    } catch (IllegalArgumentException e) {
      return kind + " refused " + String.valueOf(e.getMessage()).length() % 8;
    }
  }

  private static String reference(String text) {
    if (!ImageReference.isOne(text)) {
      return "no image";
    }
    // It becomes part of a path of the engine's API.
    assertThat(text).doesNotContain("/..", "?", "#", "%", "\\", "//", " ");
    ImageReference image = ImageReference.parse(text);
    assertThat(image.tag() != null || image.digest() != null).isTrue();
    String again =
        image.repository()
            + (image.tag() == null ? "" : ":" + image.tag())
            + (image.digest() == null ? "" : "@" + image.digest());
    assertThat(ImageReference.isOne(again) || again.length() > 512).isTrue();
    assertThat(ImageReference.parse(again)).isEqualTo(image);
    return "image " + (image.tag() == null) + (image.digest() == null);
  }

  private static String subnet(String text) {
    try {
      SubnetPool.Subnet subnet = SubnetPool.Subnet.parse(text);
      assertThat(SubnetPool.Subnet.parse(subnet.toString())).isEqualTo(subnet);
      assertThat(subnet.overlaps(subnet)).isTrue();
      return " subnet " + subnet.prefix();
    } catch (IllegalArgumentException _) {
      return " no subnet";
    }
  }
}
