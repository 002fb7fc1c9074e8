// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Explanation.Reason;
import dev.holdfast.policy.Principals.Grade;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks all layers once more and notes what each statement did. */
final class Explainer {

  /** A context that remembers what was asked. */
  private static final class Recorder implements Context {
    private final Context context;
    private final Map<String, KeyRead> read = new LinkedHashMap<>();

    private Recorder(Context context) {
      this.context = context;
    }

    @Override
    public @Nullable List<String> values(String key) {
      List<String> values = context.values(key);
      read.putIfAbsent(key, new KeyRead(key, values));
      return values;
    }
  }

  private final Policies policies;
  private final Request request;
  private final Recorder recorder;
  private final List<Finding> findings = new ArrayList<>();

  private Explainer(Policies policies, Request request) {
    this.policies = policies;
    this.recorder = new Recorder(request.context());
    this.request =
        new Request(
            request.caller(),
            request.action(),
            request.resource(),
            request.resourceAccount(),
            recorder);
  }

  static Explanation explain(Policies policies, Request request) {
    return new Explainer(policies, request).explain();
  }

  private Explanation explain() {
    policies.resourceControl().forEach(level -> find(Layer.RESOURCE_CONTROL, level));
    policies.serviceControl().forEach(level -> find(Layer.SERVICE_CONTROL, level));
    find(policies.resourceLayer(), policies.resources());
    find(Layer.IDENTITY, policies.identity());
    find(Layer.BOUNDARY, optional(policies.boundary()));
    List<NamedPolicy> session = policies.session();
    find(Layer.SESSION, session == null ? List.of() : session);
    Decision decision = Evaluator.decide(policies, request);
    String smallest =
        decision instanceof Decision.ImplicitDeny(Layer layer) ? smallest(layer) : null;
    return new Explanation(decision, findings, List.copyOf(recorder.read.values()), smallest);
  }

  private static List<NamedPolicy> optional(@Nullable NamedPolicy policy) {
    return policy == null ? List.of() : List.of(policy);
  }

  private void find(Layer layer, List<NamedPolicy> documents) {
    String folded = Context.fold(request.action());
    for (NamedPolicy policy : documents) {
      for (Statement statement : policy.document().statements()) {
        if (statement.coversAction(folded)) {
          findings.add(finding(layer, policy.name(), statement));
        }
      }
    }
  }

  private Finding finding(Layer layer, String policy, Statement statement) {
    boolean bounded = statement.effect() == Effect.DENY && policies.boundary() != null;
    Reason reason = Reason.MATCHED;
    String failed = null;
    if (statement.grade(request.caller(), bounded) == Grade.NONE) {
      reason = Reason.OTHER_PRINCIPAL;
    } else if (!statement.coversResource(request)) {
      reason = Reason.OTHER_RESOURCE;
    } else {
      Condition condition = statement.failing(request.context());
      if (condition != null) {
        reason = Reason.CONDITION_FAILED;
        failed = condition.word() + " " + condition.name();
      }
    }
    Match match = new Match(policy, statement.index(), statement.sid());
    return new Finding(layer, match, statement.effect(), reason, failed);
  }

  private String smallest(Layer layer) {
    JsonObject statement = JsonObject.EMPTY.with("Effect", Effect.ALLOW.word());
    if (layer == Layer.RESOURCE || layer == Layer.ROLE_TRUST) {
      statement = principal(statement);
    }
    statement = statement.with("Action", request.action());
    if (layer != Layer.ROLE_TRUST) {
      statement = statement.with("Resource", literal(request.resource()));
    }
    return Json.text(statement);
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

  /** The resource as a pattern that means it alone. */
  private static String literal(String resource) {
    return resource.equals("*")
        ? resource
        : resource.replace("$", "${$}").replace("*", "${*}").replace("?", "${?}");
  }
}
