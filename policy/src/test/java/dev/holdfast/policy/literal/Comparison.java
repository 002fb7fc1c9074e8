// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.literal.LiteralCase.Documents;
import dev.holdfast.policy.literal.LiteralEvaluator.Outcome;
import dev.holdfast.policy.literal.LiteralEvaluator.Read;
import dev.holdfast.policy.literal.LiteralEvaluator.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both evaluators say of one case. */
final class Comparison {
  private Comparison() {}

  /** The documents of a case as each of the two has read them; null where it refuses one. */
  record Both(@Nullable Read literal, @Nullable Policies product) {}

  static Both read(Documents documents) {
    Read literal = null;
    try {
      literal = LiteralEvaluator.read(documents);
    } catch (Refused _) {
      // Said by the null.
    }
    Policies product = null;
    try {
      product = product(documents);
    } catch (MalformedPolicy _) {
      // Likewise.
    }
    return new Both(literal, product);
  }

  private static Policies product(Documents documents) {
    String boundary = documents.boundary();
    List<String> session = documents.session();
    String resource = documents.resource();
    return new Policies(
        named("identity", documents.identity(), Kind.IDENTITY),
        boundary == null ? null : named("boundary", boundary, Kind.BOUNDARY),
        session == null ? null : named("session", session, Kind.SESSION),
        resource == null
            ? List.of()
            : List.of(named("resource", resource, LiteralEvaluator.kind(documents.gate()))),
        documents.gate(),
        documents.serviceControl().stream()
            .map(level -> named("scp", level, Kind.IDENTITY))
            .toList(),
        documents.resourceControl().stream()
            .map(level -> named("rcp", level, Kind.RESOURCE))
            .toList());
  }

  private static List<NamedPolicy> named(String name, List<String> documents, Kind kind) {
    var all = new ArrayList<NamedPolicy>();
    for (String document : documents) {
      all.add(named(name + all.size(), document, kind));
    }
    return all;
  }

  private static NamedPolicy named(String name, String document, Kind kind) {
    return new NamedPolicy(name, PolicyDocument.parse(document, kind));
  }

  /** Whether the product allows, where it accepts the documents. */
  static boolean allowed(Both both, LiteralCase one) {
    Policies product = both.product();
    return product != null && Evaluator.decide(product, one.asked().request()).allowed();
  }

  static boolean literalAccepts(String document, Kind kind) {
    try {
      LiteralGrammar.parse(document, kind);
      return true;
    } catch (Refused _) {
      return false;
    }
  }

  static boolean productAccepts(String document, Kind kind) {
    try {
      PolicyDocument.admit(document, kind);
      return true;
    } catch (MalformedPolicy _) {
      return false;
    }
  }

  /** What the two say differently, or null. */
  static @Nullable String difference(LiteralCase one) {
    return difference(read(one.documents()), one, Set.of());
  }

  static @Nullable String difference(Both both, LiteralCase one, Set<Mutant> mutants) {
    Read literal = both.literal();
    Policies product = both.product();
    if (literal == null || product == null) {
      return literal == null && product == null
          ? null
          : "literal " + (literal == null ? "refuses" : "accepts") + " the documents";
    }
    Verdict expected = LiteralEvaluator.decide(literal, one.asked(), mutants);
    Decision decision = Evaluator.decide(product, one.asked().request());
    boolean same =
        switch (decision) {
          case Decision.Allowed _ -> expected.outcome() == Outcome.ALLOWED;
          case Decision.ImplicitDeny(Layer layer) ->
              expected.outcome() == Outcome.IMPLICIT_DENY && expected.layers().contains(layer);
          case Decision.ExplicitDeny(Layer layer, var _) ->
              expected.outcome() == Outcome.EXPLICIT_DENY && expected.layers().contains(layer);
        };
    return same ? null : "literal: " + expected + ", product: " + decision;
  }
}
