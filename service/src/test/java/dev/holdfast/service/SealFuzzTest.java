// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Edit;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sealed texts that clients hold: pages, sessions, registry passwords. */
class SealFuzzTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] PLAIN = "what was sealed".getBytes(StandardCharsets.UTF_8);
  private static final byte[] KEY = key();

  private final Seal seal = new Seal(KEY, RANDOM);
  private final byte[] token = seal.seal(PLAIN, "context").getBytes(StandardCharsets.US_ASCII);
  private final PageTokens pages = new PageTokens(seal);
  private final byte[] page =
      pages
          .after(TestCall.by("alice"), "ListThings", "", List.of("last"))
          .getBytes(StandardCharsets.US_ASCII);

  private static byte[] key() {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    return key;
  }

  @Test
  void opensNothingButWhatItSealed() {
    Fuzz.run(SealFuzzTest.class, "edit", this::sealed);
  }

  String sealed(byte[] input) {
    String text = new String(Edit.of(token, input), StandardCharsets.ISO_8859_1);
    Optional<byte[]> opened = seal.open(text, "context");
    assertThat(seal.open(text, "another")).isEmpty();
    if (opened.isPresent()) {
      assertThat(text)
          .as("in one spelling")
          .isEqualTo(new String(token, StandardCharsets.US_ASCII));
      assertThat(opened).contains(PLAIN);
    }
    return "sealed " + opened.isPresent();
  }

  @Test
  void aPageIsItsCallersAlone() {
    Fuzz.run(SealFuzzTest.class, "edit", this::page);
  }

  String page(byte[] input) {
    String text = new String(Edit.of(page, input), StandardCharsets.ISO_8859_1);
    Optional<List<String>> opened = pages.open(TestCall.by("alice"), "ListThings", "", text);
    opened.ifPresent(last -> assertThat(last).containsExactly("last"));
    assertThat(pages.open(TestCall.by("bob"), "ListThings", "", text)).isEmpty();
    assertThat(pages.open(TestCall.by("alice"), "ListOthers", "", text)).isEmpty();
    assertThat(pages.open(TestCall.by("alice"), "ListThings", "f", text)).isEmpty();
    return "page " + opened.isPresent();
  }
}
