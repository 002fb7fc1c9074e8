// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageTokensTest {
  private static final List<String> ALL =
      IntStream.range(0, 25).mapToObj("name-%02d"::formatted).toList();

  private final PageTokens tokens = new PageTokens(new Seal(new byte[32], new SecureRandom()));

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

  /**
   * A source that is read piece by piece gives the same pages, and is read no further than needed.
   */
  @Test
  void pagesOfASourceAreThoseOfTheList() {
    List<String> many = IntStream.range(0, 1_000).mapToObj("name-%03d"::formatted).toList();
    var random = new Random(3);
    for (int limit : new int[] {1, 7, 99, 100, 101, 999, 1_000, 1_001}) {
      int every = 1 + random.nextInt(4);
      var read = new AtomicInteger();
      PageTokens.Source<String> source =
          (after, most) -> {
            List<String> some =
                many.stream()
                    .filter(name -> after == null || name.compareTo(after) > 0)
                    .limit(most)
                    .toList();
            read.addAndGet(some.size());
            return some;
          };
      var seen = new ArrayList<String>();
      String token = "";
      while (token != null) {
        read.set(0);
        PageTokens.Page<String> page =
            tokens
                .page(
                    TestCall.by("a"),
                    new PageTokens.Listing("List", "f", limit),
                    source,
                    Function.identity(),
                    name -> name.hashCode() % every == 0,
                    token)
                .orElseThrow();
        assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
        if (every == 1) {
          assertThat(read.get()).isLessThanOrEqualTo(2 * Math.max(100, limit + 1));
        }
        seen.addAll(page.items());
        token = page.next();
      }
      assertThat(seen)
          .isEqualTo(many.stream().filter(name -> name.hashCode() % every == 0).toList());
    }
  }

  /**
   * Where nothing passes, a call still looks at so many items alone, and the next goes on there.
   */
  @Test
  void aPageLooksAtSoManyItemsAlone() {
    int many = 3 * PageTokens.MOST_READ + 7;
    var read = new AtomicInteger();
    PageTokens.Source<Integer> source =
        (after, most) -> {
          int from = after == null ? 0 : Integer.parseInt(after) + 1;
          read.addAndGet(Math.min(most, many - from));
          return IntStream.range(from, Math.min(many, from + most)).boxed().toList();
        };
    var seen = new ArrayList<Integer>();
    int pages = 0;
    String token = "";
    while (token != null) {
      read.set(0);
      PageTokens.Page<Integer> page =
          tokens
              .page(
                  TestCall.by("a"),
                  new PageTokens.Listing("List", "f", 10),
                  source,
                  String::valueOf,
                  i -> i == many - 1,
                  token)
              .orElseThrow();
      assertThat(read.get()).isLessThan(PageTokens.MOST_READ + 500);
      seen.addAll(page.items());
      token = page.next();
      pages++;
    }
    assertThat(seen).containsExactly(many - 1);
    assertThat(pages).isBetween(3, 4);
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
