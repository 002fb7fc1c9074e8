// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.State;
import dev.holdfast.ssm.model.Lookup;
import dev.holdfast.ssm.model.ParameterPolicy;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.model.Tier;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;

/** Lets the policies of parameters speak, and finds them by what requests call them. */
final class ResourcePolicies {
  private final State state;
  private final BoundPolicies bound;

  ResourcePolicies(State state, BoundPolicies bound) {
    this.state = state;
    this.bound = bound;
  }

  /** A demand to read a parameter, judged by whom it is shared with too. */
  Demand judged(Call call, Demand demand, Selector selector) {
    if (!selector.region().equals(call.region())) {
      return demand;
    }
    List<ParameterPolicy> policies =
        state.read(
            view ->
                Lookup.current(view, selector)
                    // No other has any, and to look for them is a read of the store.
                    .filter(parameter -> parameter.tier() == Tier.ADVANCED)
                    .map(parameter -> ParameterTables.policies(view, parameter))
                    .orElse(List.of()));
    Demand judged = demand;
    for (ParameterPolicy policy : policies) {
      judged =
          judged.judgedAlsoBy(
              new NamedPolicy(
                  "resource policy " + policy.id(),
                  bound.compiled(policy.text(), policy.principals())));
    }
    return judged;
  }

  /** Whom a policy that is to be saved names, by ARN. */
  Map<String, String> principals(View view, Call call, String text) {
    return bound.principals(
        view,
        call.account(),
        PolicyDocument.parse(text, PolicyDocument.Kind.RESOURCE),
        entry ->
            SsmError.MALFORMED_RESOURCE_POLICY_DOCUMENT.because(
                "Invalid principal in policy: \"AWS\":\"%s\"", entry));
  }

  /** A policy as it is shown. */
  String shown(View view, StoredParameter parameter, ParameterPolicy policy) {
    return bound.shown(view, parameter.account(), policy.text(), policy.principals());
  }

  /** The parameter whose policies a request is about. */
  static StoredParameter shareable(View view, Call call, String arn) {
    StoredParameter parameter = named(view, call, arn);
    if (parameter.tier() != Tier.ADVANCED) {
      throw SsmError.RESOURCE_POLICY_INVALID_PARAMETER.because(
          "%s is of the Standard tier. To share a parameter, it must be in the advanced parameter"
              + " tier.",
          arn);
    }
    return parameter;
  }

  /** The parameter that an ARN names in the caller's account. */
  static StoredParameter named(View view, Call call, String arn) {
    return Parameters.current(view, call, selector(call, arn))
        .orElseThrow(() -> SsmError.RESOURCE_NOT_FOUND.because("Resource %s not found.", arn));
  }

  /** A parameter by its ARN, as these operations take it. */
  static Selector selector(Call call, String arn) {
    return Selector.parse(call.account(), call.region(), arn)
        .filter(selector -> arn.startsWith("arn:") && selector.suffix() == null)
        .orElseThrow(
            () ->
                SsmError.RESOURCE_POLICY_INVALID_PARAMETER.because(
                    "ResourceArn is the ARN of a parameter, not %s", arn));
  }

  /** The policy of an id, if its text is still the one that the caller knows. */
  static ParameterPolicy known(View view, StoredParameter parameter, String id, String hash) {
    ParameterPolicy policy =
        ParameterTables.policies(view, parameter).stream()
            .filter(p -> p.id().equals(id))
            .findFirst()
            .orElseThrow(() -> missing(id));
    if (!policy.hash().equals(hash)) {
      throw SsmError.RESOURCE_POLICY_CONFLICT.because(
          "The hash provided in the call doesn't match the stored hash. Get the policy, and try"
              + " again.");
    }
    return policy;
  }

  private static ApiError missing(String id) {
    return SsmError.RESOURCE_POLICY_NOT_FOUND.because("No policies with ID %s could be found.", id);
  }
}
