// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Pagination tokens: sealed, and good only for the caller, operation and filter they were made for.
 */
public final class PageTokens {
  /**
   * How many items are looked at for one page, whoever passes: nobody's call holds a processor for
   * as long as a whole list takes.
   */
  public static final int MOST_READ = 2_000;

  private static final int MORE = 200;

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

  /** Items in the order of their keys, read as far as they are asked for. */
  public interface Source<T> {
    /**
     * The items after a key.
     *
     * @param key null for the first ones
     * @return fewer than {@code limit} only where there are no more
     */
    List<T> after(@Nullable String key, int limit);
  }

  /**
   * A page of a list that is read no further than the page goes, and no further than {@link
   * #MOST_READ}: where few items pass, a page may hold few or none and another come after it.
   *
   * @param key what identifies an item and gives its order
   * @param passes which items are listed
   * @param token the caller's token, or null for the first page
   * @return empty where the token is not this caller's for this listing
   */
  public <T> Optional<Page<T>> page(
      Call call,
      Listing listing,
      Source<T> source,
      Function<T, String> key,
      Predicate<T> passes,
      @Nullable String token) {
    String last = null;
    if (token != null && !token.isEmpty()) {
      Optional<List<String>> given = open(call, listing.operation(), listing.filter(), token);
      if (given.isEmpty()) {
        return Optional.empty();
      }
      last = given.get().getFirst();
    }
    var items = new ArrayList<T>();
    int chunk = listing.limit() + 1;
    int looked = 0;
    while (true) {
      List<T> read = source.after(last, chunk);
      looked += read.size();
      for (T item : read) {
        if (passes.test(item)) {
          if (items.size() == listing.limit()) {
            List<String> end = List.of(key.apply(items.getLast()));
            return Optional.of(
                new Page<>(items, after(call, listing.operation(), listing.filter(), end)));
          }
          items.add(item);
        }
      }
      if (read.size() < chunk) {
        return Optional.of(new Page<>(items, null));
      }
      last = key.apply(read.getLast());
      if (looked >= MOST_READ) {
        return Optional.of(
            new Page<>(items, after(call, listing.operation(), listing.filter(), List.of(last))));
      }
      chunk = Math.max(chunk, MORE); // where few pass, a reading of few is not worth its while
    }
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
        "\u0000",
        call.principal().identity().uniqueId(),
        call.region().name(),
        call.record().source(),
        operation,
        filter);
  }
}
