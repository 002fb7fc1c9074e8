// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.rules;

import dev.holdfast.iam.Iam;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.trail.Trail;
import java.time.Instant;

/**
 * What the operator's work on rules stands on.
 *
 * @param account the operator's
 * @param operator makes the operator's calls, which the audit records
 */
public record Ground(State state, Iam iam, Trail trail, AccountId account, Operator operator) {

  /** The most events of the audit that one question reads. */
  static final long MOST_EVENTS = 500_000;

  /** Makes the operator's calls. */
  public interface Operator {
    Call call(String source, String name, JsonObject parameters);

    Instant now();
  }

  Call call(String event, JsonObject parameters) {
    return operator.call("holdfast.internal", event, parameters);
  }
}
