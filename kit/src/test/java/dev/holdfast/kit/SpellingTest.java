// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {
  private static final List<String> WORDS = List.of("id", "profile", "account", "rootKey");

  @Test
  void namesTheNearestWord() {
    assertThat(Spelling.nearest("profil", WORDS)).hasValue("profile");
    assertThat(Spelling.nearest("porfile", WORDS)).hasValue("profile");
    assertThat(Spelling.nearest("rootkey", WORDS)).hasValue("rootKey");
    assertThat(Spelling.nearest("root_key", WORDS)).hasValue("rootKey");
    assertThat(Spelling.nearest("acount", WORDS)).hasValue("account");
  }

  @Test
  void namesNoneWhereNoneIsNear() {
    assertThat(Spelling.nearest("colour", WORDS)).isEmpty();
    assertThat(Spelling.nearest("x", WORDS)).isEmpty();
    assertThat(Spelling.nearest("profile", List.of())).isEmpty();
  }

  @Test
  void countsSlips() {
    assertThat(Spelling.slips("abc", "abc")).isZero();
    assertThat(Spelling.slips("abc", "acb")).isEqualTo(1);
    assertThat(Spelling.slips("", "abc")).isEqualTo(3);
    assertThat(Spelling.slips("kitten", "sitting")).isEqualTo(3);
  }
}
