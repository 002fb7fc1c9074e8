// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tags on users, roles and managed policies. */
public record Taggings(IamState iam) {

  /**
   * The tags that a request gives.
   *
   * @throws dev.holdfast.aws.ApiError InvalidInput
   */
  public static Map<String, String> given(List<Tag> tags) {
    var keys = new TreeSet<String>();
    for (Tag tag : tags) {
      if (!keys.add(tag.key().toLowerCase(Locale.ROOT))) {
        throw IamError.INVALID_INPUT.because(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
    }
    Map<String, String> given = Tags.map(tags, Tag::key, Tag::value);
    Tags.fault(given)
        .ifPresent(
            fault -> {
              throw IamError.INVALID_INPUT.because("%s", fault);
            });
    return given;
  }

  /** Tags as a shape shows them, by key. */
  public static List<Tag> shapes(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  /** Sets tags on what {@code target} finds. */
  public Empty tag(Call call, Function<View, Arn> target, List<Tag> tags) {
    Map<String, String> given = given(tags);
    return iam.state()
        .commit(
            call,
            tx -> {
              add(tx, call, target.apply(tx), given);
              return new Empty();
            });
  }

  private static void add(Tx tx, Call call, Arn arn, Map<String, String> given) {
    var all = new LinkedHashMap<>(Tags.of(tx, call.account(), arn));
    for (String key : given.keySet()) {
      all.keySet().stream()
          .filter(old -> old.equalsIgnoreCase(key) && !old.equals(key))
          .findFirst()
          .ifPresent(old -> Tags.remove(tx, call.account(), arn, List.of(old)));
    }
    all = new LinkedHashMap<>(Tags.of(tx, call.account(), arn));
    all.putAll(given);
    if (all.size() > Tags.MAX) {
      throw IamError.LIMIT_EXCEEDED.because("The number of tags has reached the maximum limit.");
    }
    Tags.add(tx, call.account(), arn, given);
  }

  public Empty untag(Call call, Function<View, Arn> target, List<String> keys) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Tags.remove(tx, call.account(), target.apply(tx), keys);
              return new Empty();
            });
  }

  public Page<Tag> list(
      Call call, Function<View, Arn> target, @Nullable String marker, @Nullable Integer maxItems) {
    record Found(Arn arn, Map<String, String> tags) {}
    Found found =
        iam.state()
            .read(
                view -> {
                  Arn arn = target.apply(view);
                  return new Found(arn, Tags.of(view, call.account(), arn));
                });
    return iam.page(call, "tags " + found.arn(), shapes(found.tags()), Tag::key, marker, maxItems);
  }
}
