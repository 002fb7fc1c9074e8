// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.registry.model.RegistryPolicy;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets repositories' own policies, and that of the registry they are in, decide about what is done
 * to them, by whichever door.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html">
 *     Private registry permissions, version 2</a>
 */
public final class RepositoryPolicies {
  /** What the policy of a registry has no say in, so that none is for ever. */
  private static final Set<String> OF_THE_POLICY_ITSELF =
      Set.of("ecr:PutRegistryPolicy", "ecr:GetRegistryPolicy", "ecr:DeleteRegistryPolicy");

  private final State state;
  private final BoundPolicies bound;

  public RepositoryPolicies(State state, BoundPolicies bound) {
    this.state = state;
    this.bound = bound;
  }

  /** The same demands, each judged also by the policies of the repository and registry it is on. */
  public Access judged(Call call, Access access) {
    return new Access(access.demands().stream().map(demand -> judged(call, demand)).toList());
  }

  private Demand judged(Call call, Demand demand) {
    RepositoryId id = RepositoryId.parse(demand.resource()).orElse(null);
    return state.read(view -> judged(view, call, id, demand));
  }

  private Demand judged(View view, Call call, @Nullable RepositoryId id, Demand demand) {
    Demand judged = demand;
    Repository repository =
        id == null ? null : view.get(RegistryTables.REPOSITORIES, id.account(), id);
    String own = repository == null ? null : repository.policy();
    if (repository != null && own != null) {
      judged =
          judged.judgedAlsoBy(
              new NamedPolicy(demand.resource(), bound.compiled(own, repository.principals())));
    }
    AccountId owner = demand.owner() == null ? call.account() : demand.owner();
    Region region = id == null ? call.region() : id.region();
    RegistryPolicy whole = view.get(RegistryTables.POLICIES, owner, region);
    return whole == null || OF_THE_POLICY_ITSELF.contains(demand.action())
        ? judged
        : judged.judgedAlsoBy(
            new NamedPolicy("registry policy", bound.compiled(whole.text(), whole.principals())));
  }

  /**
   * Whom a policy that is to be saved names, by ARN.
   *
   * @param nobody the error where it names somebody who is not there
   */
  public Map<String, String> principals(
      View view, AccountId account, PolicyDocument policy, ApiError nobody) {
    return bound.principals(view, account, policy, _ -> nobody);
  }

  /** A repository's policy as it is shown. */
  public String shown(View view, Repository repository, String policy) {
    return bound.shown(view, repository.account(), policy, repository.principals());
  }

  /** The policy of an account's registry as it is shown. */
  public String shown(View view, AccountId account, RegistryPolicy policy) {
    return bound.shown(view, account, policy.text(), policy.principals());
  }
}
