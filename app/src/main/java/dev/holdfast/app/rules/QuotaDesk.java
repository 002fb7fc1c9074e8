// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.rules;

import dev.holdfast.iam.control.Quotas;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.Map;

/** Shows and sets the quotas of IAM. */
public record QuotaDesk(Ground ground) {

  /** Every quota: as it is, as on AWS, and the most that may be set. */
  public JsonObject all() {
    var items = new ArrayList<JsonValue>();
    for (Map.Entry<Quota, Integer> each : Quotas.all(ground.state()).entrySet()) {
      Quota quota = each.getKey();
      items.add(
          JsonObject.EMPTY
              .with("name", quota.title())
              .with("most", each.getValue())
              .with("usual", quota.usual())
              .with("highest", quota.highest()));
    }
    return JsonObject.EMPTY.with("quotas", new JsonArray(items));
  }

  /**
   * Sets a quota.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public JsonObject set(String name, long most) {
    Quota quota =
        Quota.named(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no quota `" + name + "`; see ./holdfast quota"));
    var parameters = JsonObject.EMPTY.with("quota", quota.title()).with("most", most);
    Quotas.set(
        ground.state(),
        ground.call("SetQuota", parameters),
        quota,
        Math.clamp(most, Integer.MIN_VALUE, Integer.MAX_VALUE));
    return all();
  }
}
