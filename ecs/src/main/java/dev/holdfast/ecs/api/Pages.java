// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pages of listings with ECS's limits and texts. */
record Pages(PageTokens tokens) {

  /** A page of a list in the order of its keys. */
  <T> PageTokens.Page<T> page(Call call, Wanted wanted, List<T> all, Function<T, String> key) {
    return valid(tokens.page(call, listing(wanted), all, key, wanted.token()));
  }

  /** A page that is read as far as it goes; see {@link PageTokens}. */
  <T> PageTokens.Page<T> page(
      Call call,
      Wanted wanted,
      PageTokens.Source<T> source,
      Function<T, String> key,
      Predicate<T> passes) {
    return valid(tokens.page(call, listing(wanted), source, key, passes, wanted.token()));
  }

  private static PageTokens.Listing listing(Wanted wanted) {
    int limit = wanted.maxResults() == null ? 100 : wanted.maxResults();
    if (limit < 1 || limit > 100) {
      throw EcsError.INVALID_PARAMETER.because("maxResults must be between 1 and 100");
    }
    return new PageTokens.Listing(wanted.operation(), wanted.filter(), limit);
  }

  private static <T> PageTokens.Page<T> valid(Optional<PageTokens.Page<T>> page) {
    return page.orElseThrow(() -> EcsError.INVALID_PARAMETER.because("Invalid token"));
  }

  /** What is asked for. */
  record Wanted(
      String operation, String filter, @Nullable Integer maxResults, @Nullable String token) {}
}
