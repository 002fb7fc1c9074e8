// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.secretsmanager.Filter;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.SecretFilter;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists the secrets of the caller's account and region, a page at a time. */
record Listed(PageTokens pages, View view, Call call) {
  /** How secrets are sorted; by name where nothing was asked for. */
  record Order(@Nullable String by, boolean descending) {
    static Order of(@Nullable String by, @Nullable String order) {
      return new Order(by == null && order != null ? "created-date" : by, "desc".equals(order));
    }

    private boolean plain() {
      return !descending && (by == null || by.equals("name"));
    }

    private Comparator<StoredSecret> comparator() {
      Comparator<StoredSecret> by =
          switch (String.valueOf(this.by)) {
            case "created-date" -> Comparator.comparing(StoredSecret::created);
            case "last-changed-date" -> Comparator.comparing(StoredSecret::changed);
            case "last-accessed-date" -> Comparator.comparing(Order::accessed);
            default -> Comparator.comparing(StoredSecret::name);
          };
      Comparator<StoredSecret> whole = by.thenComparing(StoredSecret::name);
      return descending ? whole.reversed() : whole;
    }

    private static Instant accessed(StoredSecret secret) {
      Instant accessed = secret.accessed();
      return accessed == null ? Instant.EPOCH : accessed;
    }
  }

  static List<SecretFilter> filters(List<Filter> filters) {
    return filters.stream()
        .map(
            filter -> {
              String key = filter.key();
              if (key == null || filter.values().isEmpty()) {
                throw SecretsManagerError.INVALID_PARAMETER.because(
                    "Invalid filter: each needs a key and at least one value.");
              }
              return new SecretFilter(key, filter.values());
            })
        .toList();
  }

  /**
   * One page.
   *
   * @param planned whether those marked for deletion are listed too
   * @return empty where the token is not of this listing
   */
  Optional<PageTokens.Page<StoredSecret>> page(
      PageTokens.Listing listing,
      List<SecretFilter> filters,
      boolean planned,
      Order order,
      @Nullable String token) {
    if (order.plain()) {
      return pages.page(
          call,
          listing,
          (after, limit) -> SecretTables.secrets(view, call.account(), call.region(), after, limit),
          StoredSecret::name,
          secret -> passes(secret, filters, planned),
          token);
    }
    List<StoredSecret> sorted =
        SecretTables.secrets(view, call.account(), call.region()).stream()
            .filter(secret -> passes(secret, filters, planned))
            .sorted(order.comparator())
            .toList();
    return from(listing, sorted, token)
        .map(
            start -> {
              int to = Math.min(sorted.size(), start + listing.limit());
              List<StoredSecret> items = sorted.subList(start, to);
              return new PageTokens.Page<>(
                  items,
                  to < sorted.size()
                      ? pages.after(
                          call,
                          listing.operation(),
                          listing.filter(),
                          List.of(items.getLast().arn().toString()))
                      : null);
            });
  }

  /** Where a page of a sorted list begins: behind the secret that the token names. */
  private Optional<Integer> from(
      PageTokens.Listing listing, List<StoredSecret> sorted, @Nullable String token) {
    if (token == null || token.isEmpty()) {
      return Optional.of(0);
    }
    return pages
        .open(call, listing.operation(), listing.filter(), token)
        .flatMap(
            last -> {
              for (int i = 0; i < sorted.size(); i++) {
                if (sorted.get(i).arn().toString().equals(last.getFirst())) {
                  return Optional.of(i + 1);
                }
              }
              return Optional.empty();
            });
  }

  private boolean passes(StoredSecret secret, List<SecretFilter> filters, boolean planned) {
    if (secret.goneAt(call.now()) || (!planned && secret.deletion() != null)) {
      return false;
    }
    Map<String, String> tags = filters.isEmpty() ? Map.of() : Vault.tags(view, secret);
    return filters.stream().allMatch(filter -> filter.test(secret, tags));
  }
}
