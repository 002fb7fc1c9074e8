// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DescribeActivationsFilter;
import dev.holdfast.aws.ssm.DescribeActivationsRequest;
import dev.holdfast.aws.ssm.DescribeActivationsResult;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.ssm.model.Activation;
import dev.holdfast.ssm.model.ManagedTables;
import java.util.List;

/** Lists activations, without their codes. */
public record DescribeActivations(Managed managed)
    implements Operation<DescribeActivationsRequest, DescribeActivationsResult> {
  private static final int PAGE = 50;

  @Override
  public OperationModel<DescribeActivationsRequest, DescribeActivationsResult> model() {
    return SsmModel.DESCRIBE_ACTIVATIONS;
  }

  @Override
  public Access access(Call call, DescribeActivationsRequest in) {
    return Access.of("ssm:DescribeActivations");
  }

  @Override
  public DescribeActivationsResult handle(Call call, DescribeActivationsRequest in) {
    in.filters().forEach(DescribeActivations::require);
    List<Activation> all =
        managed
            .state()
            .read(view -> ManagedTables.activations(view, call.account(), call.region()))
            .stream()
            .filter(activation -> in.filters().stream().allMatch(f -> passes(f, activation)))
            .toList();
    Integer limit = in.maxResults();
    var listing =
        new PageTokens.Listing(
            "DescribeActivations", in.filters().toString(), limit == null ? PAGE : limit);
    PageTokens.Page<Activation> page =
        managed
            .pages()
            .page(call, listing, all, Activation::id, in.nextToken())
            .orElseThrow(Managed::invalidToken);
    return DescribeActivationsResult.builder()
        .activationList(page.items().stream().map(a -> Managed.shown(a, call.now())).toList())
        .nextToken(page.next())
        .build();
  }

  private static void require(DescribeActivationsFilter filter) {
    if (filter.filterKey() == null || filter.filterValues().isEmpty()) {
      throw SsmError.INVALID_FILTER.because("a filter has a FilterKey and FilterValues");
    }
  }

  private static boolean passes(DescribeActivationsFilter filter, Activation activation) {
    List<String> values = filter.filterValues();
    String name = activation.defaultInstanceName();
    return switch (String.valueOf(filter.filterKey())) {
      case "ActivationIds" -> values.contains(activation.id());
      case "DefaultInstanceName" -> name != null && values.contains(name);
      case "IamRole" -> values.contains(activation.role().name());
      default -> throw SsmError.INVALID_FILTER.because("there is no such FilterKey");
    };
  }
}
