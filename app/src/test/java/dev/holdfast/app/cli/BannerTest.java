// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import org.junit.jupiter.api.Test;

final class BannerTest {
  private static final String STATUS =
      """
      {"version":"1","profile":"%s","url":"http://127.0.0.1:4566","account":"000000000000",\
      "region":"us-east-1","agent":{"connected":true},"tasksRunning":2,"enforced":["encryption"],\
      "taught":[],"dataDir":"/d","rootKey":"/d/root.key"}""";

  @Test
  void tellsWhoWhereWhatAndHowToStop() {
    String text =
        Banner.text(
            Json.parseObject(STATUS.formatted("standard")),
            "arn:aws:sts::000000000000:assumed-role/operator/local",
            " --data-dir /d");

    assertThat(text)
        .contains("url         http://127.0.0.1:4566")
        .contains("account     000000000000, region us-east-1")
        .contains("you are     arn:aws:sts::000000000000:assumed-role/operator/local")
        .contains("enforced    encryption")
        .contains("only taught nothing")
        .contains("running now: 2")
        .contains("data        /d")
        .contains("root key    /d/root.key")
        .contains("eval \"$(./holdfast env --data-dir /d)\"")
        .contains("./holdfast down --data-dir /d")
        .doesNotContain("Profile dev");
  }

  @Test
  void profileDevSaysWhatItIs() {
    assertThat(Banner.text(Json.parseObject(STATUS.formatted("dev")), null, ""))
        .contains("Profile dev, for this machine alone");
  }
}
