// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.Kms;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Guard;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.service.UniqueIds;
import dev.holdfast.ssm.api.AddTagsToResource;
import dev.holdfast.ssm.api.DeleteParameter;
import dev.holdfast.ssm.api.DeleteParameters;
import dev.holdfast.ssm.api.DeleteResourcePolicy;
import dev.holdfast.ssm.api.DescribeParameters;
import dev.holdfast.ssm.api.GetParameter;
import dev.holdfast.ssm.api.GetParameterHistory;
import dev.holdfast.ssm.api.GetParameters;
import dev.holdfast.ssm.api.GetParametersByPath;
import dev.holdfast.ssm.api.GetResourcePolicies;
import dev.holdfast.ssm.api.LabelParameterVersion;
import dev.holdfast.ssm.api.ListTagsForResource;
import dev.holdfast.ssm.api.Parameters;
import dev.holdfast.ssm.api.PutParameter;
import dev.holdfast.ssm.api.PutResourcePolicy;
import dev.holdfast.ssm.api.RemoveTagsFromResource;
import dev.holdfast.ssm.api.UnlabelParameterVersion;
import dev.holdfast.ssm.api.managed.CreateActivation;
import dev.holdfast.ssm.api.managed.DeleteActivation;
import dev.holdfast.ssm.api.managed.DeregisterManagedInstance;
import dev.holdfast.ssm.api.managed.DescribeActivations;
import dev.holdfast.ssm.api.managed.DescribeInstanceInformation;
import dev.holdfast.ssm.api.managed.Managed;
import dev.holdfast.ssm.api.managed.UpdateManagedInstanceRole;
import dev.holdfast.ssm.control.Machines;
import dev.holdfast.ssm.model.Lookup;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.plan.Choice;
import dev.holdfast.ssm.plan.NamePattern;
import dev.holdfast.ssm.port.MachineRoles;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Parameter Store: its API, and what a {@code valueFrom} of a container secret means. */
public final class Ssm {

  /**
   * What Parameter Store stands on.
   *
   * @param principals whom the policies of parameters name
   */
  public record Needs(
      State state,
      Kms kms,
      Guard guard,
      UniqueIds principals,
      PageTokens pages,
      MachineRoles roles,
      RandomGenerator random) {}

  private final Needs needs;

  private Ssm(Needs needs) {
    this.needs = needs;
  }

  public static Ssm create(Needs needs) {
    return new Ssm(needs);
  }

  public ApiService service() {
    var parameters =
        new Parameters(
            needs.state(), needs.kms(), needs.guard(), new BoundPolicies(needs.principals()));
    PageTokens pages = needs.pages();
    var managed = new Managed(needs.state(), needs.roles(), pages, needs.random());
    return new ApiService(
        SsmModel.SERVICE,
        List.of(
            new AddTagsToResource(parameters),
            new CreateActivation(managed),
            new DeleteActivation(managed),
            new DeleteParameter(parameters),
            new DeleteParameters(parameters),
            new DeleteResourcePolicy(parameters),
            new DeregisterManagedInstance(managed),
            new DescribeActivations(managed),
            new DescribeInstanceInformation(managed),
            new DescribeParameters(parameters, pages),
            new GetParameter(parameters),
            new GetParameterHistory(parameters, pages),
            new GetParameters(parameters),
            new GetParametersByPath(parameters, pages),
            new GetResourcePolicies(parameters, pages),
            new LabelParameterVersion(parameters),
            new ListTagsForResource(parameters),
            new PutParameter(parameters),
            new PutResourcePolicy(parameters),
            new RemoveTagsFromResource(parameters),
            new UnlabelParameterVersion(parameters),
            new UpdateManagedInstanceRole(managed)));
  }

  /** What the agents of machines ask without an access key. */
  public Machines machines() {
    return new Machines(needs.state(), needs.roles(), needs.random());
  }

  /**
   * What a {@code valueFrom} means in this state: a name or ARN the parameter of that name, with a
   * number or a label behind a colon that version of it; a pattern, in which one {@code *} stands
   * for one level, the one parameter that matches and carries the environment. No value is read,
   * and no right is asked for.
   *
   * @param account of the task; parameters of others are not found
   * @param valueFrom a name, an ARN, or a pattern in either form
   * @param environment of the task, or null where it has none
   */
  public Resolution resolve(
      View view, AccountId account, Region region, String valueFrom, @Nullable String environment) {
    Optional<Selector> parsed = Selector.parse(account, region, valueFrom);
    if (parsed.isEmpty()) {
      return new Resolution.None("`" + valueFrom + "` is no parameter's name or ARN");
    }
    Selector selector = parsed.get();
    if (!selector.account().equals(account) || !selector.region().equals(region)) {
      return new Resolution.None(
          "`" + valueFrom + "` lies in another account or region than the task");
    }
    return selector.names().getFirst().contains("*")
        ? byPattern(view, selector, valueFrom, environment)
        : byName(view, selector, valueFrom);
  }

  private static Resolution byName(View view, Selector selector, String valueFrom) {
    return Lookup.find(view, selector)
        .map(parameter -> candidate(view, parameter).exact())
        .orElseGet(() -> new Resolution.None("there is no parameter `" + valueFrom + "`"));
  }

  private static Resolution byPattern(
      View view, Selector selector, String valueFrom, @Nullable String environment) {
    Optional<NamePattern> pattern = NamePattern.parse(selector.names().getFirst());
    if (pattern.isEmpty() || selector.suffix() != null) {
      return new Resolution.None(
          "the pattern `"
              + valueFrom
              + "` is not a path in which one `*` stands for one whole level, such as"
              + " `/shop/*/db-password`");
    }
    List<Choice.Candidate> candidates =
        ParameterTables.under(view, selector.account(), selector.region(), pattern.get().before())
            .stream()
            .map(parameter -> candidate(view, parameter))
            .toList();
    return Choice.choose(valueFrom, pattern.get(), environment, candidates);
  }

  private static Choice.Candidate candidate(View view, StoredParameter parameter) {
    return new Choice.Candidate(
        parameter, Tags.of(view, parameter.account(), parameter.arn()).get(Principal.ENVIRONMENT));
  }
}
