// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import dev.holdfast.secrets.model.StoredSecret;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One condition of a listing: any of its values will do; one that begins with an exclamation mark
 * must not match.
 *
 * @param key as the wire names it
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html">Find
 *     secrets</a>
 */
public record SecretFilter(String key, List<String> values) {
  public SecretFilter {
    values = List.copyOf(values);
  }

  /** Whether a secret with these tags passes. */
  public boolean test(StoredSecret secret, Map<String, String> tags) {
    return values.stream()
        .anyMatch(
            value ->
                value.startsWith("!")
                    ? !matches(value.substring(1), secret, tags)
                    : matches(value, secret, tags));
  }

  private boolean matches(String value, StoredSecret secret, Map<String, String> tags) {
    Predicate<String> begins = text -> text.startsWith(value);
    return switch (key) {
      case "name" -> begins.test(secret.name());
      case "description" -> ofWords(description(secret), value);
      case "tag-key" -> tags.keySet().stream().anyMatch(begins);
      case "tag-value" -> tags.values().stream().anyMatch(begins);
      case "primary-region" -> begins.test(secret.region().name());
      case "owning-service" -> false;
      default -> anywhere(value, secret, tags);
    };
  }

  private static String description(StoredSecret secret) {
    String description = secret.description();
    return description == null ? "" : description;
  }

  /** Whether the text, or the part of it from one of its words on, begins so. */
  private static boolean ofWords(String text, String value) {
    String whole = folded(text);
    String wanted = folded(value);
    return whole.startsWith(wanted) || whole.contains(" " + wanted);
  }

  /** Each word of the value occurs somewhere. */
  private static boolean anywhere(String value, StoredSecret secret, Map<String, String> tags) {
    List<String> texts =
        Stream.concat(
                Stream.of(secret.name(), description(secret), secret.region().name()),
                tags.entrySet().stream().flatMap(t -> Stream.of(t.getKey(), t.getValue())))
            .map(SecretFilter::folded)
            .toList();
    return Arrays.stream(value.split("[ /_+=.@!:-]+", -1))
        .filter(word -> !word.isEmpty())
        .map(SecretFilter::folded)
        .allMatch(word -> texts.stream().anyMatch(text -> text.contains(word)));
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
