// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.aws.Protocol;
import dev.holdfast.iam.model.KeptDenial;
import dev.holdfast.iam.plan.AuthorizationMessage;
import dev.holdfast.iam.plan.ExplanationText;
import dev.holdfast.iam.plan.GuardrailText;
import dev.holdfast.iam.plan.RequestContext;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Decision.Denied;
import dev.holdfast.policy.Decision.ImplicitDeny;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.Request;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The guard: every demand is decided by policy on one state; then no environment may leak. */
public final class PolicyGuard implements Guard {
  private static final Pattern GUARDRAIL = Pattern.compile("\\(guardrail ([a-z-]+)\\)$");

  /** How many of a call's demands a denial tells of; the rest is said to be there. */
  private static final int MOST_TOLD = 25;

  private final State state;
  private final PolicySets sets;
  private final EnvironmentLeak leak;
  private final Clearance clearance;
  private final Denials denials;
  private final ServiceUses uses;
  private final RandomGenerator random;
  private final DenialRate strangers = new DenialRate();

  public PolicyGuard(
      State state,
      PolicySets sets,
      Guardrails guardrails,
      Denials denials,
      ServiceUses uses,
      RandomGenerator random) {
    this.state = state;
    this.sets = sets;
    this.leak = new EnvironmentLeak(guardrails);
    this.clearance = new Clearance(guardrails);
    this.denials = denials;
    this.uses = uses;
    this.random = random;
  }

  /** A demand with what the state says about its resource. */
  record Judged(Demand demand, Map<String, String> tags) {
    /** Why a guardrail refuses it, in AWS's words for refusals. */
    String refused(Call call, String why) {
      return "User: "
          + call.principal().arn()
          + " is not authorized to perform: "
          + demand.action()
          + " on resource: "
          + demand.resource()
          + " because "
          + why;
    }
  }

  @Override
  public void require(Call call, Access access) {
    if (access.demands().isEmpty()) {
      return;
    }
    // What is another account's is noted only once it is granted: a name may have led to more than
    // the caller said, and the caller reads its own events.
    access.demands().stream()
        .filter(demand -> demand.owner() == null || demand.owner().equals(call.account()))
        .forEach(demand -> call.record().touched(demand.resource()));
    uses.asked(call, access);
    refuseUserSession(call, access);
    List<Judged> granted = state.read(view -> decide(view, call, access));
    for (Judged judged : granted) {
      call.record().touched(judged.demand().resource());
      if (!judged.demand().ofGuardrails()) {
        call.record().granted(judged.demand().action(), judged.demand().resource());
      }
      guardrails(call, judged);
    }
    uses.granted(call, access);
  }

  /**
   * What no policy allows: its refusals have an id, and are explained, as those by policies are.
   */
  private void guardrails(Call call, Judged judged) {
    try {
      leak.check(call, judged, error(call));
      clearance.check(call, judged, error(call));
    } catch (ApiError e) {
      requireRate(call);
      String id = Ids.uuid(random);
      denials.keep(
          new KeptDenial(
              id,
              GuardrailText.of(id, call, judged.demand(), judged.tags(), e.text()),
              call.now(),
              call.account(),
              AuthorizationMessage.ofGuardrail(
                  call.principal(), judged.demand(), guardrail(e.text()), judged.tags())));
      throw new ApiError(e.shape(), e.text() + " (authorization id: " + id + ")", e.members());
    }
  }

  /** The name of the guardrail that a refusal ends with. */
  private static String guardrail(String refusal) {
    Matcher named = GUARDRAIL.matcher(refusal);
    return named.find() ? named.group(1) : "";
  }

  /**
   * Whoever a provider vouches for may be anybody. What they are denied is told and explained only
   * so often, so that they fill neither the trail nor the explanations; beyond it they are told to
   * go slower, and what they are granted is not touched.
   */
  private void requireRate(Call call) {
    if (call.principal().identity().kind() == Principal.Kind.WEB_IDENTITY
        && !strangers.take(call.account(), call.now())) {
      call.record().leaveOut();
      throw CommonError.THROTTLING.in(protocol(call)).because("Rate exceeded");
    }
  }

  private List<Judged> decide(View view, Call call, Access access) {
    Principal principal = call.principal();
    Policies bearer =
        Policies.ofIdentity(sets.identity(view, principal))
            .withBoundary(sets.boundary(view, principal.identity()))
            .withSession(sets.session(view, principal));
    Caller caller = principal.caller();
    var granted = new ArrayList<Judged>();
    List<Demand> demands = access.demands();
    for (int i = 0; i < demands.size(); i++) {
      Asked asked = asked(view, call, caller, bearer, demands.get(i));
      if (!asked.judged().demand().ofGuardrails()
          && Evaluator.decide(asked.policies(), asked.request()) instanceof Denied denied) {
        requireRate(call);
        var wanted = new ArrayList<>(List.of(asked));
        List<Demand> rest =
            demands.subList(i + 1, demands.size()).stream()
                .filter(demand -> !demand.ofGuardrails())
                .toList();
        rest.stream()
            .limit(MOST_TOLD)
            .forEach(demand -> wanted.add(asked(view, call, caller, bearer, demand)));
        throw denied(call, denied, wanted, rest.size() <= MOST_TOLD);
      }
      granted.add(asked.judged());
    }
    return granted;
  }

  /** A demand as the evaluator is asked about it. */
  private record Asked(Judged judged, Policies policies, Request request) {
    ExplanationText.Demanded explained() {
      return new ExplanationText.Demanded(request, Evaluator.explain(policies, request));
    }
  }

  private static Asked asked(View view, Call call, Caller caller, Policies bearer, Demand demand) {
    AccountId owner = demand.owner() == null ? call.account() : demand.owner();
    Map<String, String> tags =
        demand.resource().equals("*") ? Map.of() : Tags.of(view, owner, demand.tagsOf());
    Policies policies =
        demand.policies().isEmpty()
            ? bearer
            : bearer.withResources(demand.policies(), demand.gate());
    var request =
        new Request(
            caller,
            demand.action(),
            demand.resource(),
            owner.digits(),
            new RequestContext(call, demand, tags));
    return new Asked(new Judged(demand, tags), policies, request);
  }

  /** Refuses what the first of the demands is denied. */
  private ApiError denied(Call call, Denied denied, List<Asked> wanted, boolean all) {
    String id = Ids.uuid(random);
    Demand demand = wanted.getFirst().judged().demand();
    Request request = wanted.getFirst().request();
    List<ExplanationText.Demanded> explained = wanted.stream().map(Asked::explained).toList();
    denials.keep(
        new KeptDenial(
            id,
            ExplanationText.of(id, call.now(), explained, all),
            call.now(),
            call.account(),
            AuthorizationMessage.of(
                call.principal(), request, explained.getFirst().explanation())));
    // A role that does not exist and one that trusts somebody else must look the same.
    boolean silent =
        request.crossAccount()
            || (demand.gate() == Gate.ROLE_TRUST && denied instanceof ImplicitDeny);
    String text =
        request.crossAccount() && demand.action().startsWith("kms:")
            ? keyOfAnother(request)
            : denied.text(request.caller().arn(), request.action(), request.resource(), silent);
    if (request.caller().kind() == Caller.Kind.PROVIDER) {
      text = "Not authorized to perform " + request.action(); // as AWS says it to strangers
    }
    return new ApiError(error(call), text + " (authorization id: " + id + ")");
  }

  /** AWS's words. They name no key: an alias that the caller named would have shown its key. */
  private static String keyOfAnother(Request request) {
    return "User: "
        + request.caller().arn()
        + " is not authorized to perform: "
        + request.action()
        + " on this resource because the resource does not exist in this Region, no resource-based"
        + " policies allow access, or a resource-based policy explicitly denies access";
  }

  /** AccessDenied as the service that was called spells it. */
  private static ErrorShape error(Call call) {
    return CommonError.ACCESS_DENIED.in(protocol(call));
  }

  private static Protocol protocol(Call call) {
    return switch (call.record().source()) {
      case "iam.amazonaws.com", "sts.amazonaws.com" -> Protocol.QUERY;
      default -> Protocol.JSON;
    };
  }

  /**
   * A user's own session calls nothing of IAM without a second factor, and of STS only what opens
   * sessions of roles; a federated user's calls nothing of either. Who calls is told to everybody.
   *
   * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html">
   *     GetSessionToken</a>
   * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html">
   *     GetFederationToken</a>
   */
  private static void refuseUserSession(Call call, Access access) {
    Principal principal = call.principal();
    Principal.Session session = principal.session();
    if (principal.identity().kind() == Principal.Kind.ROLE || session == null) {
      return;
    }
    boolean federated = principal.federatedName() != null;
    String action = access.demands().getFirst().action();
    if ((session.mfaAt() == null || federated)
        && call.record().source().equals("iam.amazonaws.com")
        && access.demands().stream().anyMatch(d -> d.action().startsWith("iam:"))) {
      throw new ApiError(
          CommonError.INVALID_CLIENT_TOKEN_ID.in(Protocol.QUERY),
          "The security token included in the request is invalid");
    }
    if (call.record().source().equals("sts.amazonaws.com")
        && (federated || !action.equals("sts:AssumeRole"))) {
      throw CommonError.ACCESS_DENIED
          .in(Protocol.QUERY)
          .because(
              "Cannot call %s with session credentials", action.substring(action.indexOf(':') + 1));
    }
  }
}
