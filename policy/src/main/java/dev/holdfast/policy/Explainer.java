// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.Explanation.Compared;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Explanation.Looked;
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

  /** The request as it came: what is asked of its context here is not noted. */
  private final Request plain;

  private final Request request;
  private final Recorder recorder;
  private final List<Looked> looked = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private Explainer(Policies policies, Request request) {
    this.policies = policies;
    this.plain = request;
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
    if (!policies.resources().isEmpty() || request.crossAccount()) {
      find(policies.resourceLayer(), policies.resources());
    }
    if (request.caller().belongsToAccount() || !policies.identity().isEmpty()) {
      find(Layer.IDENTITY, policies.identity());
    }
    NamedPolicy boundary = policies.boundary();
    if (boundary != null) {
      find(Layer.BOUNDARY, List.of(boundary));
    }
    List<NamedPolicy> session = policies.session();
    if (session != null) {
      find(Layer.SESSION, session);
    }
    Decision decision = Evaluator.decide(policies, request);
    return new Explanation(
        decision,
        looked,
        findings,
        List.copyOf(recorder.read.values()),
        decision instanceof Decision.ImplicitDeny ? Remedy.of(policies, plain) : List.of());
  }

  private void find(Layer layer, List<NamedPolicy> documents) {
    looked.add(new Looked(layer, documents.stream().map(NamedPolicy::name).toList()));
    String folded = Context.fold(request.action());
    for (NamedPolicy policy : documents) {
      for (Statement statement : policy.document().statements()) {
        if (statement.coversAction(folded)) {
          findings.add(finding(layer, policy, statement));
        }
      }
    }
  }

  private Finding finding(Layer layer, NamedPolicy policy, Statement statement) {
    boolean bounded = statement.effect() == Effect.DENY && policies.boundary() != null;
    Reason reason;
    List<Compared> compared = List.of();
    if (statement.grade(request.caller(), bounded) == Grade.NONE) {
      reason = Reason.OTHER_PRINCIPAL;
    } else if (!statement.coversResource(request)) {
      reason = Reason.OTHER_RESOURCE;
    } else {
      reason =
          statement.failing(request.context()) == null ? Reason.MATCHED : Reason.CONDITION_FAILED;
      compared = statement.conditions().stream().map(this::compared).toList();
    }
    Match match = new Match(policy.name(), statement.index(), statement.sid());
    return new Finding(layer, match, policy.document(), statement.effect(), reason, compared);
  }

  private Compared compared(Condition condition) {
    Context context = plain.context();
    return new Compared(
        condition.word(),
        condition.name(),
        condition.written(),
        context.values(Context.fold(condition.name())),
        condition.holds(context));
  }
}
