// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DescribeInstanceInformationRequest;
import dev.holdfast.aws.ssm.DescribeInstanceInformationResult;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.control.Machines;
import dev.holdfast.ssm.model.ManagedInstance;
import dev.holdfast.ssm.model.ManagedTables;
import dev.holdfast.ssm.plan.Pings;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Lists the machines that registered, and what their agents told. */
public record DescribeInstanceInformation(Managed managed)
    implements Operation<DescribeInstanceInformationRequest, DescribeInstanceInformationResult> {
  private static final int PAGE = 50;
  private static final String TAG = "tag:";

  /** A condition; any of its values will do. */
  private record Wanted(String key, List<String> values) {}

  @Override
  public OperationModel<DescribeInstanceInformationRequest, DescribeInstanceInformationResult>
      model() {
    return SsmModel.DESCRIBE_INSTANCE_INFORMATION;
  }

  @Override
  public Access access(Call call, DescribeInstanceInformationRequest in) {
    return Access.of("ssm:DescribeInstanceInformation");
  }

  @Override
  public DescribeInstanceInformationResult handle(
      Call call, DescribeInstanceInformationRequest in) {
    List<Wanted> wanted = wanted(in);
    List<ManagedInstance> all =
        managed
            .state()
            .read(
                view ->
                    ManagedTables.instances(view, call.account(), call.region()).stream()
                        .filter(i -> wanted.stream().allMatch(w -> passes(view, call, w, i)))
                        .toList());
    Integer limit = in.maxResults();
    var listing =
        new PageTokens.Listing(
            "DescribeInstanceInformation", wanted.toString(), limit == null ? PAGE : limit);
    PageTokens.Page<ManagedInstance> page =
        managed
            .pages()
            .page(call, listing, all, ManagedInstance::id, in.nextToken())
            .orElseThrow(Managed::invalidToken);
    return DescribeInstanceInformationResult.builder()
        .instanceInformationList(
            page.items().stream().map(i -> Managed.shown(i, call.now())).toList())
        .nextToken(page.next())
        .build();
  }

  private static List<Wanted> wanted(DescribeInstanceInformationRequest in) {
    if (!in.filters().isEmpty() && !in.instanceInformationFilterList().isEmpty()) {
      throw Machines.invalid(
          "You can use either Filters or InstanceInformationFilterList in a single request.");
    }
    return Stream.concat(
            in.filters().stream().map(f -> new Wanted(f.key(), f.values())),
            in.instanceInformationFilterList().stream().map(f -> new Wanted(f.key(), f.valueSet())))
        .toList();
  }

  private static boolean passes(View view, Call call, Wanted wanted, ManagedInstance instance) {
    List<String> values = wanted.values();
    ManagedInstance.Ping ping = instance.ping();
    return switch (wanted.key()) {
      case "InstanceIds" -> values.contains(instance.id());
      case "ActivationIds" -> values.contains(instance.activation());
      case "IamRole" -> values.contains(instance.role().name());
      case "PingStatus" -> values.contains(Pings.status(instance, call.now()));
      case "ResourceType" -> values.contains("ManagedInstance");
      case "AgentVersion" -> ping != null && values.contains(ping.agent().version());
      case "PlatformTypes" ->
          ping != null && values.contains(String.valueOf(ping.platform().type()));
      case "AssociationStatus" -> false; // there are no associations
      case "tag-key" -> values.stream().anyMatch(tags(view, instance)::containsKey);
      default -> tagged(view, wanted, instance);
    };
  }

  private static boolean tagged(View view, Wanted wanted, ManagedInstance instance) {
    if (!wanted.key().startsWith(TAG)) {
      throw SsmError.INVALID_FILTER_KEY.because("The specified filter key is not valid.");
    }
    String value = tags(view, instance).get(wanted.key().substring(TAG.length()));
    return value != null && wanted.values().contains(value);
  }

  private static Map<String, String> tags(View view, ManagedInstance instance) {
    return Tags.of(view, instance.account(), instance.arn());
  }
}
