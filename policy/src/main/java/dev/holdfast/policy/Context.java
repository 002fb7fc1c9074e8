// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys of one request.
 *
 * <p>Implementations ignore the case of keys; the evaluator always asks in lower case. A key that
 * is never asked for need never be computed.
 */
@FunctionalInterface
public interface Context {
  Context EMPTY = key -> null;

  /** The values of a key, or null where the request does not carry it. */
  @Nullable List<String> values(String key);

  /** This context's keys, and for keys it does not carry those of {@code base}. */
  default Context over(Context base) {
    return key -> {
      List<String> values = values(key);
      return values == null ? base.values(key) : values;
    };
  }

  static Context of(Map<String, List<String>> values) {
    var builder = new Builder();
    values.forEach(builder::put);
    return builder.build();
  }

  static Builder builder() {
    return new Builder();
  }

  /** Lower case as used for keys, independent of the machine's language. */
  static String fold(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  /** Collects keys; a later value replaces an earlier one. Not for use by several threads. */
  final class Builder {
    private final Map<String, Supplier<@Nullable List<String>>> keys = new HashMap<>();

    private Builder() {}

    public Builder put(String key, String value) {
      return put(key, List.of(value));
    }

    public Builder put(String key, List<String> values) {
      List<String> copy = List.copyOf(values);
      keys.put(fold(key), () -> copy);
      return this;
    }

    /** A key whose values are computed when first asked for; null means absent. */
    public Builder lazy(String key, Supplier<@Nullable List<String>> values) {
      keys.put(fold(key), new Once(values));
      return this;
    }

    public Context build() {
      Map<String, Supplier<@Nullable List<String>>> copy = Map.copyOf(keys);
      return key -> {
        Supplier<@Nullable List<String>> values = copy.get(fold(key));
        return values == null ? null : values.get();
      };
    }

    /** A supplier asked at most once by one thread; the value must be the same each time. */
    private static final class Once implements Supplier<@Nullable List<String>> {
      private final Supplier<@Nullable List<String>> source;
      private @Nullable List<String> values;
      private boolean known;

      private Once(Supplier<@Nullable List<String>> source) {
        this.source = source;
      }

      @Override
      public @Nullable List<String> get() {
        if (!known) {
          values = source.get();
          known = true;
        }
        return values;
      }
    }
  }
}
