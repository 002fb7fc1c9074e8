// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.iam.plan.StatementPlaces.Place;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the evaluator what it would say, and why: the same that judges every call. For one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html">
 *     SimulateCustomPolicy</a>
 */
public final class Simulation {

  /** The caller's side of a question about the resource's side. */
  private static final List<NamedPolicy> EVERYTHING =
      List.of(
          new NamedPolicy(
              "everything",
              PolicyDocument.parse(
                  """
                  {"Version":"2012-10-17","Statement":
                   {"Effect":"Allow","Action":"*","Resource":"*"}}
                  """,
                  PolicyDocument.Kind.IDENTITY)));

  private final Policies policies;
  private final Caller caller;
  private final Context context;
  private final List<String> missing;

  /** Of the documents whose statements decided so far. */
  private final IdentityHashMap<PolicyDocument, List<Place>> places = new IdentityHashMap<>();

  /**
   * Questions about a caller.
   *
   * @param policies documents by the names that the answer shows
   * @param context what the caller gives; what it does not give is missing
   */
  public Simulation(Policies policies, Caller caller, Context context) {
    this.policies = policies;
    this.caller = caller;
    this.context = context;
    this.missing = findMissing();
  }

  public Caller caller() {
    return caller;
  }

  /** The characters of the policies: how much each verdict looks at, and may tell of, at most. */
  public int size() {
    return documents().mapToInt(policy -> policy.document().source().length()).sum();
  }

  /** A statement that decided. */
  public record Decisive(String policy, Layer layer, Place place) {}

  /**
   * The verdict on one action on one resource.
   *
   * @param missing the condition keys that the policies read and were not given, as they write them
   * @param withinBoundary whether the boundary allows it; null where there is none
   * @param byIdentity what the identity policies alone say, across accounts; else null
   * @param byResource what the resource's policy alone says, across accounts; else null
   */
  public record Verdict(
      Decision decision,
      List<Decisive> statements,
      List<String> missing,
      @Nullable Boolean withinBoundary,
      @Nullable Decision byIdentity,
      @Nullable Decision byResource) {}

  /** What the evaluator says to an action on a resource of an account. */
  public Verdict of(String action, String resource, String account) {
    var request = new Request(caller, action, resource, account, context);
    Explanation explanation = Evaluator.explain(policies, request);
    boolean split = request.crossAccount() && policies.resource() != null;
    return new Verdict(
        explanation.decision(),
        decisive(explanation),
        missing,
        boundary(action, resource),
        split ? alone(policies.withResource(null, policies.gate()), action, resource) : null,
        split ? byResource(request) : null);
  }

  private Decision byResource(Request request) {
    return Evaluator.decide(
        Policies.ofIdentity(EVERYTHING).withResource(policies.resource(), policies.gate()),
        request);
  }

  /** What is decided where the caller's own account owns the resource. */
  private Decision alone(Policies others, String action, String resource) {
    return Evaluator.decide(
        others, new Request(caller, action, resource, caller.account(), context));
  }

  /** Whether the boundary allows it, whoever else does: a resource's policy may pass it by. */
  private @Nullable Boolean boundary(String action, String resource) {
    NamedPolicy boundary = policies.boundary();
    return boundary == null
        ? null
        : alone(Policies.ofIdentity(List.of(boundary)), action, resource).allowed();
  }

  private List<Decisive> decisive(Explanation explanation) {
    if (explanation.decision() instanceof Decision.ImplicitDeny) {
      return List.of();
    }
    var found = new ArrayList<Decisive>();
    for (Finding finding : explanation.deciding()) {
      boolean bound = finding.layer() == Layer.BOUNDARY && explanation.decision().allowed();
      if (!bound) {
        found.add(
            new Decisive(
                finding.match().policy(),
                finding.layer(),
                places(finding.document()).get(finding.match().statement())));
      }
    }
    return found;
  }

  private List<Place> places(PolicyDocument document) {
    return places.computeIfAbsent(document, d -> StatementPlaces.of(d.source()));
  }

  private Stream<NamedPolicy> documents() {
    return Stream.concat(
        policies.identity().stream(),
        Stream.of(policies.boundary(), policies.resource()).filter(p -> p != null));
  }

  /** Keys that any of the policies reads and nobody gave, as they are written. */
  private List<String> findMissing() {
    var found = new TreeMap<String, String>();
    documents()
        .flatMap(policy -> policy.document().contextKeys().stream())
        .filter(key -> context.values(Context.fold(key)) == null)
        .forEach(key -> found.putIfAbsent(Context.fold(key), key));
    return List.copyOf(found.values());
  }
}
