// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tags as requests give them and answers show them. */
final class TagRequests {
  private TagRequests() {}

  static Map<String, String> map(List<Tag> tags) {
    return Tags.map(
        tags, t -> t.key() == null ? "" : t.key(), t -> t.value() == null ? "" : t.value());
  }

  /** The request's tags where they are well-formed. */
  static Map<String, String> checked(List<Tag> tags) {
    Map<String, String> map = map(tags);
    Tags.fault(map)
        .ifPresent(
            text -> {
              throw EcsError.INVALID_PARAMETER.because("%s", text);
            });
    if (map.size() != tags.size()) {
      throw EcsError.INVALID_PARAMETER.because("Duplicate tag keys found.");
    }
    return map;
  }

  static List<Tag> shapes(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
        .toList();
  }

  static List<Tag> of(View view, Call call, Arn arn) {
    return shapes(Tags.of(view, call.account(), arn));
  }

  /** The demand for tagging what is made, where the request gives tags. */
  static Access creating(Access access, String action, Arn resource, List<Tag> tags) {
    if (tags.isEmpty()) {
      return access;
    }
    return access.and(
        Demand.on("ecs:TagResource", resource).key("ecs:CreateAction", action).made(map(tags)));
  }

  static @Nullable String environment(Map<String, String> tags) {
    return tags.get(Principal.ENVIRONMENT);
  }
}
