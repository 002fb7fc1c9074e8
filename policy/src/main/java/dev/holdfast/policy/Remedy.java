// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Decision.ImplicitDeny;
import dev.holdfast.policy.Explanation.Change;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the least that would let a request pass: it adds a statement to the layer that lacks one,
 * and asks again, until the request is allowed.
 */
final class Remedy {
  private static final String VERSION = "2012-10-17";
  private static final String PROVIDER = "oidc-provider/";

  /** Characters of a resource that a statement can name: an ARN has no more. */
  private static final int LONGEST = 2048;

  private final Request request;
  private final List<Change> changes = new ArrayList<>();
  private Policies policies;

  private Remedy(Policies policies, Request request) {
    this.policies = policies;
    this.request = request;
  }

  /** The statements that are wanting; none where no statement helps. */
  static List<Change> of(Policies policies, Request request) {
    return new Remedy(policies, request).find();
  }

  private List<Change> find() {
    if (request.resource().length() > LONGEST) {
      return List.of();
    }
    int most = Layer.values().length + policies.serviceControl().size();
    Decision decision = Evaluator.decide(policies, request);
    try {
      for (int i = 0; i < most && decision instanceof ImplicitDeny(Layer layer); i++) {
        add(layer);
        decision = Evaluator.decide(policies, request);
      }
    } catch (MalformedPolicy _) {
      return List.of(); // what was asked for cannot be named in a policy
    }
    return decision.allowed() ? List.copyOf(changes) : List.of();
  }

  private void add(Layer layer) {
    var change = new Change(layer, Json.text(statement(layer)));
    if (!changes.contains(change)) {
      changes.add(change);
    }
    policies =
        switch (layer) {
          case IDENTITY ->
              policies.withIdentity(and(policies.identity(), policy(layer, Kind.IDENTITY)));
          case RESOURCE, ROLE_TRUST ->
              policies.withResources(
                  and(policies.resources(), policy(layer, kind(layer))), policies.gate());
          case BOUNDARY -> policies.withBoundary(widened(policies.boundary()));
          case SESSION -> {
            List<NamedPolicy> session = policies.session();
            yield policies.withSession(
                and(session == null ? List.of() : session, policy(layer, Kind.SESSION)));
          }
          case SERVICE_CONTROL -> policies.withServiceControl(levels());
          case RESOURCE_CONTROL -> policies;
        };
  }

  private static Kind kind(Layer layer) {
    return layer == Layer.ROLE_TRUST ? Kind.TRUST : Kind.RESOURCE;
  }

  private static List<NamedPolicy> and(List<NamedPolicy> policies, NamedPolicy another) {
    var all = new ArrayList<>(policies);
    all.add(another);
    return all;
  }

  /** The levels, with the statement in the first one that does not allow the request. */
  private List<List<NamedPolicy>> levels() {
    var levels = new ArrayList<>(policies.serviceControl());
    for (int i = 0; i < levels.size(); i++) {
      Policies one = Policies.NONE.withServiceControl(List.of(levels.get(i)));
      if (Evaluator.decide(one, request) instanceof ImplicitDeny(Layer layer)
          && layer == Layer.SERVICE_CONTROL) {
        levels.set(i, and(levels.get(i), policy(layer, Kind.IDENTITY)));
        return levels;
      }
    }
    return levels;
  }

  private NamedPolicy policy(Layer layer, Kind kind) {
    JsonObject document =
        JsonObject.EMPTY
            .with("Version", VERSION)
            .with("Statement", new JsonArray(List.of(statement(layer))));
    return new NamedPolicy("added", PolicyDocument.parse(Json.text(document), kind));
  }

  /** There is one boundary: it gets the statement itself. */
  private NamedPolicy widened(@Nullable NamedPolicy boundary) {
    if (boundary == null) {
      return policy(Layer.BOUNDARY, Kind.BOUNDARY);
    }
    PolicyDocument document = boundary.document();
    JsonValue statements = document.tree().get("Statement");
    var all =
        new ArrayList<JsonValue>(
            statements instanceof JsonArray(var items)
                ? items
                : statements == null ? List.of() : List.of(statements));
    all.add(statement(Layer.BOUNDARY));
    JsonObject more = document.tree().with("Statement", new JsonArray(all));
    return new NamedPolicy(boundary.name(), PolicyDocument.parse(Json.text(more), document.kind()));
  }

  private JsonObject statement(Layer layer) {
    JsonObject statement = JsonObject.EMPTY.with("Effect", Effect.ALLOW.word());
    if (layer == Layer.RESOURCE || layer == Layer.ROLE_TRUST) {
      statement = principal(statement);
    }
    statement = statement.with("Action", request.action());
    if (layer != Layer.ROLE_TRUST) {
      statement = statement.with("Resource", literal(layer, request.resource()));
    }
    return request.caller().kind() == Caller.Kind.PROVIDER ? vouched(statement) : statement;
  }

  /**
   * For the one whom the provider spoke of: it may vouch for the whole world.
   *
   * @throws MalformedPolicy where it said too little to tell them from others
   */
  private JsonObject vouched(JsonObject statement) {
    String provider = request.caller().arn();
    int site = provider.indexOf(PROVIDER);
    String prefix = (site < 0 ? provider : provider.substring(site + PROVIDER.length())) + ":";
    JsonObject claims = JsonObject.EMPTY;
    for (String claim : List.of("sub", "aud")) {
      List<String> said = request.context().values(Context.fold(prefix + claim));
      if (said == null || said.size() != 1) {
        throw new MalformedPolicy("Invalid principal in policy", "nobody whom a claim tells");
      }
      claims = claims.with(prefix + claim, said.getFirst().replace("$", "${$}"));
    }
    return statement.with("Condition", JsonObject.EMPTY.with("StringEquals", claims));
  }

  private JsonObject principal(JsonObject statement) {
    Caller caller = request.caller();
    String type =
        switch (caller.kind()) {
          case SERVICE -> "Service";
          case PROVIDER -> "Federated";
          case ROOT, USER, ROLE_SESSION, FEDERATED, ANONYMOUS -> "AWS";
        };
    String entry = caller.kind() == Caller.Kind.ANONYMOUS ? "*" : caller.principalArn();
    return statement.with("Principal", JsonObject.EMPTY.with(type, entry));
  }

  /** The resource as a pattern that means it alone, where the policy's version can say that. */
  private String literal(Layer layer, String resource) {
    NamedPolicy boundary = policies.boundary();
    boolean escapes =
        layer != Layer.BOUNDARY
            || boundary == null
            || boundary.document().version().equals(VERSION);
    return resource.equals("*") || !escapes
        ? resource
        : resource.replace("$", "${$}").replace("*", "${*}").replace("?", "${?}");
  }
}
