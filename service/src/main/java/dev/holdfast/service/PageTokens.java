// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pagination tokens: sealed, and good only for the caller, operation and filter they were made for.
 */
public final class PageTokens {
  private final Seal seal;

  public PageTokens(Seal seal) {
    this.seal = seal;
  }

  /** One page of a listing. */
  public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /** A token to go on after {@code last}. */
  public String after(Call call, String operation, String filter, List<String> last) {
    return seal.seal(Json.bytes(JsonArray.ofStrings(last)), context(call, operation, filter));
  }

  /** Where to go on, or empty where the token is not this caller's for this listing. */
  public Optional<List<String>> open(Call call, String operation, String filter, String token) {
    return seal.open(token, context(call, operation, filter))
        .map(
            bytes ->
                ((JsonArray) Json.parse(bytes))
                    .items().stream().map(item -> ((JsonString) item).text()).toList());
  }

  /**
   * A page of a list that is at hand, in its order.
   *
   * @param key what identifies an item; the token names the last one, so items may come and go
   * @param token the caller's token, or null for the first page
   * @return empty where the token is not this caller's for this listing
   */
  public <T> Optional<Page<T>> page(
      Call call, Listing listing, List<T> all, Function<T, String> key, @Nullable String token) {
    int from = 0;
    if (token != null && !token.isEmpty()) {
      Optional<List<String>> last = open(call, listing.operation(), listing.filter(), token);
      if (last.isEmpty()) {
        return Optional.empty();
      }
      String after = last.get().getFirst();
      while (from < all.size() && key.apply(all.get(from)).compareTo(after) <= 0) {
        from++;
      }
    }
    int to = Math.min(all.size(), from + listing.limit());
    List<T> items = all.subList(from, to);
    String next =
        to < all.size()
            ? after(
                call, listing.operation(), listing.filter(), List.of(key.apply(items.getLast())))
            : null;
    return Optional.of(new Page<>(items, next));
  }

  /**
   * What is listed.
   *
   * @param filter everything that must stay the same from page to page
   * @param limit items a page, at least 1
   */
  public record Listing(String operation, String filter, int limit) {}

  private static String context(Call call, String operation, String filter) {
    return String.join(
        "\u0000", call.principal().identity().uniqueId(), call.region().name(), operation, filter);
  }
}
