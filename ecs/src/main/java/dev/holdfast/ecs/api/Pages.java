// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages of listings with ECS's limits and texts. */
record Pages(PageTokens tokens) {

  /** A page of a list in the order of its keys. */
  <T> PageTokens.Page<T> page(Call call, Wanted wanted, List<T> all, Function<T, String> key) {
    int limit = wanted.maxResults() == null ? 100 : wanted.maxResults();
    if (limit < 1 || limit > 100) {
      throw EcsError.INVALID_PARAMETER.because("maxResults must be between 1 and 100");
    }
    return tokens
        .page(
            call,
            new PageTokens.Listing(wanted.operation(), wanted.filter(), limit),
            all,
            key,
            wanted.token())
        .orElseThrow(() -> EcsError.INVALID_PARAMETER.because("Invalid token"));
  }

  /** What is asked for. */
  record Wanted(
      String operation, String filter, @Nullable Integer maxResults, @Nullable String token) {}
}
