// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.planted;

import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.policy.Request;
import dev.holdfast.policy.planted.Question.Papers;
import dev.holdfast.policy.planted.Question.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The product as one copy of it answers, in words: {@code ALLOWED}, {@code IMPLICIT_DENY LAYER},
 * {@code EXPLICIT_DENY LAYER}, or {@code REFUSED} where it takes a document for none. Made by
 * {@link Copies} in the class loader of the copy.
 */
public final class Product implements Function<Papers, Function<Question, String>> {
  public static final String ALLOWED = "ALLOWED";
  public static final String REFUSED = "REFUSED";

  @Override
  public Function<Question, String> apply(Papers papers) {
    Policies policies = policies(papers);
    return question -> policies == null ? REFUSED : answer(policies, question);
  }

  private static String answer(Policies policies, Question question) {
    var request =
        new Request(
            caller(question.caller()),
            question.action(),
            question.resource(),
            question.owner(),
            Context.of(question.keys()));
    return switch (Evaluator.decide(policies, request)) {
      case Decision.Allowed _ -> ALLOWED;
      case Decision.ImplicitDeny(var layer) -> "IMPLICIT_DENY " + layer;
      case Decision.ExplicitDeny(var layer, var _) -> "EXPLICIT_DENY " + layer;
    };
  }

  private static Caller caller(Who who) {
    return new Caller(
        Caller.Kind.valueOf(who.kind()), who.account(), who.arn(), who.issuerArn(), who.uniqueId());
  }

  private static @Nullable Policies policies(Papers papers) {
    Gate gate = Gate.valueOf(papers.gate());
    String boundary = papers.boundary();
    List<String> session = papers.session();
    String resource = papers.resource();
    Kind kind = gate == Gate.ROLE_TRUST ? Kind.TRUST : Kind.RESOURCE;
    try {
      return new Policies(
          named(papers.identity(), Kind.IDENTITY),
          boundary == null ? null : named(List.of(boundary), Kind.BOUNDARY).getFirst(),
          session == null ? null : named(session, Kind.SESSION),
          resource == null ? List.of() : named(List.of(resource), kind),
          gate,
          papers.serviceControl().stream().map(level -> named(level, Kind.IDENTITY)).toList(),
          papers.resourceControl().stream().map(level -> named(level, Kind.RESOURCE)).toList());
    } catch (MalformedPolicy _) {
      return null;
    }
  }

  private static List<NamedPolicy> named(List<String> documents, Kind kind) {
    var named = new ArrayList<NamedPolicy>();
    for (String document : documents) {
      named.add(new NamedPolicy("p" + named.size(), PolicyDocument.parse(document, kind)));
    }
    return named;
  }
}
