// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.service.Access;

/**
 * How much one call may have judged, whatever its operation lets through: each demand is decided
 * and audited, and each value of a condition key is looked at by every condition on it.
 */
final class CallBounds {
  private static final int MOST_DEMANDS = 1_000;

  /** Of all demands together: those of a hundred resources have some each. */
  private static final int MOST_VALUES = 10_000;

  private CallBounds() {}

  /** Refuses a call that asks for more, in its service's words. */
  static void require(ServiceModel service, Access access) {
    if (access.demands().size() > MOST_DEMANDS) {
      throw refused(service, "the call names more than " + MOST_DEMANDS + " resources");
    }
    if (access.values() > MOST_VALUES) {
      throw refused(service, "the call gives conditions more than " + MOST_VALUES + " values");
    }
  }

  private static ApiError refused(ServiceModel service, String why) {
    return new ApiError(service.validationError(), why);
  }
}
