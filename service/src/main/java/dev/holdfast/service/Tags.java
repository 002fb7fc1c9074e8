// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The tags of every resource, in one table keyed by ARN, so that {@code aws:ResourceTag} holds
 * everywhere.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html">Tagging</a>
 */
public final class Tags {
  /** The most tags one resource may have. */
  public static final int MAX = 50;

  private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  record Tagged(Map<String, String> tags) {}

  static final Table<String, Tagged> TAGS = Table.of("tags", Tagged.class, List::of);

  private Tags() {}

  /** The tags of a resource; empty where it has none. */
  public static Map<String, String> of(View view, AccountId account, Arn arn) {
    return of(view, account, arn.toString());
  }

  public static Map<String, String> of(View view, AccountId account, String arn) {
    Tagged row = view.get(TAGS, account, arn);
    return row == null ? Map.of() : row.tags();
  }

  /** Sets tags, beside those that are there. */
  public static void add(Tx tx, AccountId account, Arn arn, Map<String, String> tags) {
    if (!tags.isEmpty()) {
      var all = new LinkedHashMap<>(of(tx, account, arn));
      all.putAll(tags);
      tx.put(TAGS, account, arn.toString(), new Tagged(all));
    }
  }

  /** Removes tags by key; absent keys are no error. */
  public static void remove(Tx tx, AccountId account, Arn arn, Collection<String> keys) {
    var rest = new LinkedHashMap<>(of(tx, account, arn));
    if (rest.keySet().removeAll(keys)) {
      tx.put(TAGS, account, arn.toString(), new Tagged(rest));
    }
  }

  /** Forgets the tags of a resource that is gone. */
  public static void delete(Tx tx, AccountId account, Arn arn) {
    tx.delete(TAGS, account, arn.toString());
  }

  /** A map of tags from a service's own tag shapes. */
  public static <T> Map<String, String> map(
      List<T> tags,
      java.util.function.Function<T, String> key,
      java.util.function.Function<T, String> value) {
    var map = new LinkedHashMap<String, String>();
    tags.forEach(tag -> map.put(key.apply(tag), value.apply(tag)));
    return Collections.unmodifiableMap(map);
  }

  /** What is wrong with tags that a request gives, in words that say what to do. */
  public static Optional<String> fault(Map<String, String> given) {
    for (Map.Entry<String, String> tag : given.entrySet()) {
      String key = tag.getKey();
      if (key.regionMatches(true, 0, "aws:", 0, 4)) {
        return Optional.of("tag keys may not begin with `aws:`: `" + key + "`");
      }
      if (key.isEmpty() || key.length() > 128 || tag.getValue().length() > 256) {
        return Optional.of("a tag key has 1 to 128 characters and its value at most 256");
      }
      if (!ALLOWED.matcher(key).matches() || !ALLOWED.matcher(tag.getValue()).matches()) {
        return Optional.of("the tag `" + key + "` holds characters that tags may not have");
      }
      if (key.equalsIgnoreCase(Principal.ENVIRONMENT) && !key.equals(Principal.ENVIRONMENT)) {
        return Optional.of(
            "write the tag key as `environment`, not `"
                + key
                + "`: it decides what a task may read");
      }
    }
    return given.size() > MAX ? Optional.of("a resource has at most 50 tags") : Optional.empty();
  }
}
