// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.kit.Memo;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import dev.holdfast.service.State;

/** Lets repositories' own policies decide about what is done to them, by whichever door. */
public final class RepositoryPolicies {
  private static final int MOST = 1024;

  private final State state;
  private final Memo<String, PolicyDocument> compiled = new Memo<>(MOST);

  public RepositoryPolicies(State state) {
    this.state = state;
  }

  /** The same demands, each judged also by the policy of the repository that it is on. */
  public Access judged(Access access) {
    return new Access(access.demands().stream().map(this::judged).toList());
  }

  private Demand judged(Demand demand) {
    RepositoryId id = RepositoryId.parse(demand.resource()).orElse(null);
    Repository repository =
        id == null
            ? null
            : state.read(view -> view.get(RegistryTables.REPOSITORIES, id.account(), id));
    String policy = repository == null ? null : repository.policy();
    return policy == null
        ? demand
        : demand.judgedBy(new NamedPolicy(demand.resource(), compiled(policy)), Gate.NONE);
  }

  private PolicyDocument compiled(String text) {
    return compiled.get(text, t -> PolicyDocument.parse(t, PolicyDocument.Kind.RESOURCE));
  }
}
