// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import java.util.Collection;

/** The rule that nobody inside an environment moves a resource into or out of one. */
public final class EnvironmentTag {
  private EnvironmentTag() {}

  /**
   * Acts where a principal that has an environment sets, changes or removes the tag {@code
   * environment}.
   *
   * @param keys the tag keys that the request sets or removes
   * @throws dev.holdfast.aws.ApiError AccessDenied where the guardrail enforces
   */
  public static void check(
      Call call, Guardrails guardrails, Protocol protocol, Collection<String> keys) {
    String environment = call.principal().environment();
    if (environment != null && keys.contains(Principal.ENVIRONMENT)) {
      guardrails.violated(
          call,
          Guardrail.ENVIRONMENT_LEAK,
          CommonError.ACCESS_DENIED.in(protocol),
          "a principal of environment `"
              + environment
              + "` may not set, change or remove a tag `environment`; let somebody without an"
              + " environment tag the resource");
    }
  }
}
