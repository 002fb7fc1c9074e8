// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/operations.md says what the program serves, no more and no less. */
class OperationsPageTest {
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]+)`");

  @Test
  void namesEveryOperationThatIsServedAndNoOther() throws IOException {
    String page = Files.readString(Path.of("../docs/operations.md"));
    var named = new TreeSet<String>();
    String lists = page.substring(page.indexOf("## STS"), page.indexOf("## Members"));
    for (Matcher m = NAME.matcher(lists); m.find(); ) {
      named.add(m.group(1));
    }
    var served = new TreeSet<String>();
    try (TestPlatform platform = TestPlatform.start()) {
      platform.catalog().operations().forEach(o -> served.add(o.model().name()));
    }
    assertThat(named).isEqualTo(served);
  }
}
