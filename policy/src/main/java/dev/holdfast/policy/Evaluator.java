// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.Caller.Kind;
import dev.holdfast.policy.Decision.Allowed;
import dev.holdfast.policy.Decision.ExplicitDeny;
import dev.holdfast.policy.Decision.ImplicitDeny;
import dev.holdfast.policy.Principals.Grade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides requests by policies: any Deny wins, and each layer that must allow has to.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">Policy
 *     evaluation logic</a>
 */
public final class Evaluator {
  private Evaluator() {}

  public static Decision decide(Policies policies, Request request) {
    ExplicitDeny deny = explicitDeny(policies, request);
    if (deny != null) {
      return deny;
    }
    Layer missing = missing(policies, request);
    return missing == null ? Allowed.ALLOWED : new ImplicitDeny(missing);
  }

  /** The same decision with its reasons; slow, for whoever may see the policies. */
  public static Explanation explain(Policies policies, Request request) {
    return Explainer.explain(policies, request);
  }

  private static @Nullable ExplicitDeny explicitDeny(Policies policies, Request request) {
    ExplicitDeny deny =
        denyInLevels(Layer.RESOURCE_CONTROL, policies.resourceControl(), policies, request);
    if (deny == null) {
      deny = denyInLevels(Layer.SERVICE_CONTROL, policies.serviceControl(), policies, request);
    }
    if (deny == null) {
      deny = denyIn(policies.resourceLayer(), policies.resources(), policies, request);
    }
    if (deny == null) {
      deny = denyIn(Layer.IDENTITY, policies.identity(), policies, request);
    }
    NamedPolicy boundary = policies.boundary();
    if (deny == null && boundary != null) {
      deny = denyIn(Layer.BOUNDARY, boundary, policies, request);
    }
    List<NamedPolicy> session = policies.session();
    if (deny == null && session != null) {
      deny = denyIn(Layer.SESSION, session, policies, request);
    }
    return deny;
  }

  private static @Nullable ExplicitDeny denyInLevels(
      Layer layer, List<List<NamedPolicy>> levels, Policies policies, Request request) {
    ExplicitDeny deny = null;
    for (int i = 0; deny == null && i < levels.size(); i++) {
      deny = denyIn(layer, levels.get(i), policies, request);
    }
    return deny;
  }

  private static @Nullable ExplicitDeny denyIn(
      Layer layer, List<NamedPolicy> documents, Policies policies, Request request) {
    ExplicitDeny deny = null;
    for (int i = 0; deny == null && i < documents.size(); i++) {
      deny = denyIn(layer, documents.get(i), policies, request);
    }
    return deny;
  }

  private static @Nullable ExplicitDeny denyIn(
      Layer layer, NamedPolicy policy, Policies policies, Request request) {
    boolean bounded = policies.boundary() != null;
    Shortlist denies = policy.document().row(request.action()).denies;
    long one = denies.pairs(request.resource(), 0);
    long two = denies.pairs(request.resource(), 1);
    for (int i = denies.next(0, one, two); i < denies.size(); i = denies.next(i + 1, one, two)) {
      Statement statement = denies.get(i);
      if (statement.applies(request, bounded) != Grade.NONE) {
        return new ExplicitDeny(
            layer, new Match(policy.name(), statement.index(), statement.sid()));
      }
    }
    return null;
  }

  /** The layer whose Allow is wanting, or null where none is. */
  private static @Nullable Layer missing(Policies policies, Request request) {
    for (int i = 0; i < policies.serviceControl().size(); i++) {
      if (!allows(policies.serviceControl().get(i), request)) {
        return Layer.SERVICE_CONTROL;
      }
    }
    Caller caller = request.caller();
    Grade grade = grade(policies, request);
    if (!caller.belongsToAccount()) {
      return grade == Grade.NONE ? policies.resourceLayer() : null;
    }
    if (request.crossAccount()) {
      Layer identity = missingIdentity(policies, request);
      return identity == null && grade == Grade.NONE ? policies.resourceLayer() : identity;
    }
    if (caller.kind() == Kind.ROOT && policies.gate() == Gate.NONE) {
      return null;
    }
    return switch (grade) {
      case DIRECT -> null;
      case ROLE -> limiting(policies, request);
      case ACCOUNT -> missingIdentity(policies, request);
      case NONE ->
          policies.gate() == Gate.NONE
              ? missingIdentity(policies, request)
              : policies.resourceLayer();
    };
  }

  /** The layer of the caller's own side that does not allow, or null where all do. */
  private static @Nullable Layer missingIdentity(Policies policies, Request request) {
    boolean root = request.caller().kind() == Kind.ROOT;
    if (!root && !allows(policies.identity(), request)) {
      return Layer.IDENTITY;
    }
    return limiting(policies, request);
  }

  /** The boundary or session policy that does not allow, or null where neither limits. */
  private static @Nullable Layer limiting(Policies policies, Request request) {
    NamedPolicy boundary = policies.boundary();
    if (boundary != null && !allows(boundary, request)) {
      return Layer.BOUNDARY;
    }
    List<NamedPolicy> session = policies.session();
    boolean limits =
        session == null ? request.caller().kind() == Kind.FEDERATED : !allows(session, request);
    return limits ? Layer.SESSION : null;
  }

  private static boolean allows(List<NamedPolicy> documents, Request request) {
    for (int i = 0; i < documents.size(); i++) {
      if (allows(documents.get(i), request)) {
        return true;
      }
    }
    return false;
  }

  private static boolean allows(NamedPolicy policy, Request request) {
    Shortlist allows = policy.document().row(request.action()).allows;
    long one = allows.pairs(request.resource(), 0);
    long two = allows.pairs(request.resource(), 1);
    for (int i = allows.next(0, one, two); i < allows.size(); i = allows.next(i + 1, one, two)) {
      if (allows.get(i).applies(request, false) != Grade.NONE) {
        return true;
      }
    }
    return false;
  }

  /** The best Allow that the resource's policies have for the caller. */
  private static Grade grade(Policies policies, Request request) {
    List<NamedPolicy> resources = policies.resources();
    Grade best = Grade.NONE;
    for (int i = 0; i < resources.size() && best != Grade.DIRECT; i++) {
      Grade grade = grade(resources.get(i), request);
      best = grade.compareTo(best) > 0 ? grade : best;
    }
    return best;
  }

  private static Grade grade(NamedPolicy resource, Request request) {
    Grade best = Grade.NONE;
    Shortlist allows = resource.document().row(request.action()).allows;
    long one = allows.pairs(request.resource(), 0);
    long two = allows.pairs(request.resource(), 1);
    int i = allows.next(0, one, two);
    while (i < allows.size() && best != Grade.DIRECT) {
      Grade grade = allows.get(i).applies(request, false);
      best = grade.compareTo(best) > 0 ? grade : best;
      i = allows.next(i + 1, one, two);
    }
    return best;
  }
}
