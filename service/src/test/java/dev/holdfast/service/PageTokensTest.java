// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageTokensTest {
  private static final List<String> ALL =
      IntStream.range(0, 25).mapToObj("name-%02d"::formatted).toList();

  private final PageTokens tokens = new PageTokens(new Seal(new byte[32], new Random(1)));

  private PageTokens.Page<String> page(List<String> all, int limit, String token) {
    return tokens
        .page(
            TestCall.by("a"),
            new PageTokens.Listing("List", "f", limit),
            all,
            Function.identity(),
            token)
        .orElseThrow();
  }

  @Test
  void pagesCoverAllOnce() {
    for (int limit : new int[] {1, 7, 24, 25, 26}) {
      var seen = new ArrayList<String>();
      String token = "";
      while (token != null) {
        PageTokens.Page<String> page = page(ALL, limit, token);
        assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
        seen.addAll(page.items());
        token = page.next();
      }
      assertThat(seen).isEqualTo(ALL);
    }
  }

  @Test
  void goesOnWhereTheLastItemWasAlthoughItIsGone() {
    String token = page(ALL, 10, "").next();
    assertThat(token).isNotNull();
    var fewer = new ArrayList<>(ALL);
    fewer.removeIf(name -> name.startsWith("name-0"));
    assertThat(page(fewer, 10, String.valueOf(token)).items().getFirst()).isEqualTo("name-10");
  }

  @Test
  void anEmptyListIsOnePage() {
    assertThat(page(List.of(), 10, "")).isEqualTo(new PageTokens.Page<>(List.of(), null));
  }

  @Test
  void aTokenIsGoodForItsCallerListingAndRegionAlone() {
    Call call = TestCall.by("a");
    String token = tokens.after(call, "List", "f", List.of("x"));
    assertThat(tokens.open(call, "List", "f", token)).hasValue(List.of("x"));
    assertThat(tokens.open(TestCall.by("b"), "List", "f", token)).isEmpty();
    assertThat(tokens.open(call, "Other", "f", token)).isEmpty();
    assertThat(tokens.open(call, "List", "g", token)).isEmpty();
    Call elsewhere = new TestCall().by("a", "eu-central-1", "List");
    assertThat(tokens.open(elsewhere, "List", "f", token)).isEmpty();
    assertThat(tokens.open(call, "List", "f", "made up")).isEmpty();
  }
}
