// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A guard that decides by the real evaluator over identity policies that the test sets. */
public final class PolicyGuard implements Guard {
  private final State state;
  private final Guardrails guardrails;
  private final Map<String, NamedPolicy> identities = new HashMap<>();
  private final List<Demand> asked = new ArrayList<>();

  PolicyGuard(State state, Guardrails guardrails) {
    this.state = state;
    this.guardrails = guardrails;
  }

  /** Every demand so far, granted or not. */
  public List<Demand> asked() {
    return List.copyOf(asked);
  }

  void identity(Arn principal, String statements) {
    if (statements.isEmpty()) {
      identities.remove(principal.toString());
      return;
    }
    identities.put(
        principal.toString(),
        new NamedPolicy(
            "identity",
            PolicyDocument.parse(
                "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}",
                PolicyDocument.Kind.IDENTITY)));
  }

  @Override
  public void require(Call call, Access access) {
    for (Demand demand : access.demands()) {
      asked.add(demand);
      require(call, demand);
    }
  }

  private void require(Call call, Demand demand) {
    Principal principal = call.principal();
    AccountId owner = demand.owner() == null ? call.account() : demand.owner();
    Map<String, String> tags = state.read(view -> Tags.of(view, owner, demand.resource()));
    var context = Context.builder();
    demand.keys().forEach(context::put);
    tags.forEach((key, value) -> context.put("aws:ResourceTag/" + key, value));
    var caller =
        principal.identity().kind() == Principal.Kind.ROOT
            ? Caller.root(principal.account().digits())
            : Caller.user(
                principal.account().digits(),
                principal.arn().toString(),
                principal.identity().uniqueId());
    var request =
        new Request(caller, demand.action(), demand.resource(), owner.digits(), context.build());
    Policies policies =
        Policies.ofIdentity(
                Optional.ofNullable(identities.get(principal.arn().toString())).stream().toList())
            .withResource(demand.policy(), demand.gate());
    if (Evaluator.decide(policies, request) instanceof Decision.Denied denied) {
      throw CommonError.ACCESS_DENIED.in(Protocol.JSON).because("%s", denied.text(request));
    }
    String environment = principal.environment();
    String other = tags.get(Principal.ENVIRONMENT);
    if (demand.reads() && environment != null && other != null && !other.equals(environment)) {
      guardrails.violated(
          call,
          Guardrail.ENVIRONMENT_LEAK,
          CommonError.ACCESS_DENIED.in(Protocol.JSON),
          demand.resource() + " belongs to environment " + other);
    }
  }
}
