// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/operations.md says what the program serves, no more and no less, and what differs. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final Path MADE = Path.of("target/operations.md");

  @Test
  void saysOfEveryOperationThatAwsHasWhatBecomesOfIt() throws IOException {
    OperationsPage page;
    try (TestPlatform platform = TestPlatform.start()) {
      page = OperationsPage.of(platform.catalog().operations());
    }
    assertThat(page.faults()).as("faults of models/differences").isEmpty();
    Files.writeString(MADE, page.text(UnservedMembersTest.HARMLESS));
    assertThat(Files.readString(PAGE))
        .as("the page; the right one is made: cp it/target/operations.md docs/operations.md")
        .isEqualTo(Files.readString(MADE));
  }
}
