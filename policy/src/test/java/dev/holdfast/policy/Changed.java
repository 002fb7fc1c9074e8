// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Explanation.Change;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.ArrayList;
import java.util.List;

/** Does to policies what an explanation proposes, as an administrator would. */
public final class Changed {
  private Changed() {}

  public static Policies by(Policies policies, List<Change> changes) {
    Policies changed = policies;
    for (Change change : changes) {
      changed = by(changed, change);
    }
    return changed;
  }

  private static Policies by(Policies policies, Change change) {
    return switch (change.layer()) {
      case IDENTITY ->
          policies.withIdentity(and(policies.identity(), written(change, Kind.IDENTITY)));
      case RESOURCE ->
          policies.withResources(
              and(policies.resources(), written(change, Kind.RESOURCE)), policies.gate());
      case ROLE_TRUST ->
          policies.withResources(
              and(policies.resources(), written(change, Kind.TRUST)), policies.gate());
      case SESSION -> {
        List<NamedPolicy> session = policies.session();
        yield policies.withSession(
            and(session == null ? List.of() : session, written(change, Kind.SESSION)));
      }
      case BOUNDARY -> {
        NamedPolicy boundary = policies.boundary();
        yield policies.withBoundary(boundary == null ? null : more(boundary, change));
      }
      case SERVICE_CONTROL ->
          policies.withServiceControl(
              policies.serviceControl().stream()
                  .map(level -> and(level, written(change, Kind.IDENTITY)))
                  .toList());
      case RESOURCE_CONTROL -> throw new AssertionError("nothing is ever wanting there");
    };
  }

  private static List<NamedPolicy> and(List<NamedPolicy> policies, NamedPolicy more) {
    var all = new ArrayList<>(policies);
    all.add(more);
    return all;
  }

  private static NamedPolicy written(Change change, Kind kind) {
    return new NamedPolicy(
        "new",
        PolicyDocument.parse(
            "{\"Version\":\"2012-10-17\",\"Statement\":" + change.statement() + "}", kind));
  }

  private static NamedPolicy more(NamedPolicy policy, Change change) {
    JsonObject document = Json.parseObject(policy.document().source());
    JsonValue statement = document.get("Statement");
    var all =
        new ArrayList<JsonValue>(
            statement instanceof JsonObject one ? List.of(one) : document.array("Statement"));
    all.add(Json.parse(change.statement()));
    return new NamedPolicy(
        policy.name(),
        PolicyDocument.parse(
            Json.text(document.with("Statement", new JsonArray(all))), policy.document().kind()));
  }
}
