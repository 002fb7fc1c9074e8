// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DescribeParametersRequest;
import dev.holdfast.aws.ssm.DescribeParametersResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.plan.ParameterFilter;
import java.util.List;

/** Lists parameters without their values. */
public record DescribeParameters(Parameters parameters, PageTokens pages)
    implements Operation<DescribeParametersRequest, DescribeParametersResult> {
  @Override
  public OperationModel<DescribeParametersRequest, DescribeParametersResult> model() {
    return SsmModel.DESCRIBE_PARAMETERS;
  }

  @Override
  public Access access(Call call, DescribeParametersRequest in) {
    return Access.of("ssm:DescribeParameters");
  }

  @Override
  public DescribeParametersResult handle(Call call, DescribeParametersRequest in) {
    if (!in.filters().isEmpty() && !in.parameterFilters().isEmpty()) {
      throw Wire.invalid("You can use either Filters or ParameterFilters in a single request.");
    }
    if (Boolean.TRUE.equals(in.shared())) {
      throw Wire.invalid("parameters of other accounts are not served yet: `Shared`");
    }
    List<ParameterFilter> filters =
        in.filters().isEmpty()
            ? Filters.read(in.parameterFilters(), Filters.DESCRIBE)
            : Filters.older(in.filters());
    String same = in.toBuilder().nextToken(null).maxResults(null).build().toString();
    String token = in.nextToken();
    String after =
        token == null || token.isEmpty()
            ? null
            : pages.open(call, NAME, same, token).orElseThrow(Wire::invalidToken).getFirst();
    Integer limit = in.maxResults();
    Parameters.Page page =
        parameters
            .state()
            .read(
                view ->
                    Parameters.page(
                        view,
                        call,
                        List.of(),
                        after,
                        limit == null ? 50 : limit,
                        p -> {
                          var listed =
                              new ParameterFilter.Listed(
                                  p, Tags.of(view, p.account(), p.arn()), List.of());
                          return filters.stream().allMatch(f -> f.test(listed)) ? p : null;
                        }));
    String next = page.next();
    return DescribeParametersResult.builder()
        .parameters(page.items().stream().map(Wire::metadata).toList())
        .nextToken(next == null ? null : pages.after(call, NAME, same, List.of(next)))
        .build();
  }

  private static final String NAME = "DescribeParameters";
}
