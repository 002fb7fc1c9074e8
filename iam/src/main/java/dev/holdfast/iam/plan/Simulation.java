// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the evaluator what it would say, and why: the same that judges every call. Pure.
 *
 * @param policies documents by the names that the answer shows
 * @param context what the caller gives; what it does not give is missing
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html">
 *     SimulateCustomPolicy</a>
 */
public record Simulation(Policies policies, Caller caller, Context context) {

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

  /** A statement that decided. */
  public record Decisive(String policy, Layer layer, StatementPlaces.Place place) {}

  /**
   * The verdict on one action on one resource.
   *
   * @param missing the condition keys that were asked for and not given, as policies write them
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
        missing(explanation),
        boundary(explanation, request),
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

  private @Nullable Boolean boundary(Explanation explanation, Request request) {
    NamedPolicy boundary = policies.boundary();
    if (boundary == null) {
      return null;
    }
    if (explanation.decision().allowed()) {
      return true;
    }
    var alone = Policies.ofIdentity(List.of(boundary));
    return Evaluator.decide(alone, request).allowed();
  }

  private List<Decisive> decisive(Explanation explanation) {
    if (explanation.decision() instanceof Decision.ImplicitDeny) {
      return List.of();
    }
    var documents = new HashMap<String, PolicyDocument>();
    documents().forEach(policy -> documents.put(policy.name(), policy.document()));
    var found = new ArrayList<Decisive>();
    for (Finding finding : explanation.deciding()) {
      PolicyDocument document = documents.get(finding.match().policy());
      boolean bound = finding.layer() == Layer.BOUNDARY && explanation.decision().allowed();
      if (document != null && !bound) {
        found.add(
            new Decisive(
                finding.match().policy(),
                finding.layer(),
                StatementPlaces.of(document.source()).get(finding.match().statement())));
      }
    }
    return found;
  }

  private Stream<NamedPolicy> documents() {
    return Stream.concat(
        policies.identity().stream(),
        Stream.of(policies.boundary(), policies.resource()).filter(p -> p != null));
  }

  /** Keys that were asked for and not there, as they are written. */
  private List<String> missing(Explanation explanation) {
    Map<String, String> written = new HashMap<>();
    documents()
        .flatMap(policy -> policy.document().contextKeys().stream())
        .forEach(key -> written.putIfAbsent(Context.fold(key), key));
    var missing = new TreeSet<String>();
    for (KeyRead read : explanation.keys()) {
      if (read.values() == null) {
        missing.add(written.getOrDefault(Context.fold(read.key()), read.key()));
      }
    }
    return List.copyOf(missing);
  }
}
