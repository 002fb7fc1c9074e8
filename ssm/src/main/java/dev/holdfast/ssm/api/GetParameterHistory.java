// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.GetParameterHistoryRequest;
import dev.holdfast.aws.ssm.GetParameterHistoryResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the versions of a parameter, oldest first. */
public record GetParameterHistory(Parameters parameters, PageTokens pages)
    implements Operation<GetParameterHistoryRequest, GetParameterHistoryResult> {
  @Override
  public OperationModel<GetParameterHistoryRequest, GetParameterHistoryResult> model() {
    return SsmModel.GET_PARAMETER_HISTORY;
  }

  @Override
  public Access access(Call call, GetParameterHistoryRequest in) {
    return Access.of(parameters.reading(call, "ssm:GetParameterHistory", in.name()));
  }

  @Override
  public GetParameterHistoryResult handle(Call call, GetParameterHistoryRequest in) {
    Selector selector = Parameters.selector(call, in.name());
    History history =
        parameters
            .state()
            .read(
                view -> {
                  StoredParameter now =
                      Parameters.current(view, call, selector)
                          .orElseThrow(() -> Parameters.missing(in.name()));
                  return new History(
                      ParameterTables.history(view, now.account(), now.region(), now.name()),
                      ParameterTables.labels(view, now.account(), now.region(), now.name()));
                });
    Integer limit = in.maxResults();
    var listing =
        new PageTokens.Listing("GetParameterHistory", in.name(), limit == null ? 50 : limit);
    PageTokens.Page<StoredParameter> page =
        pages
            .page(call, listing, history.versions(), GetParameterHistory::key, in.nextToken())
            .orElseThrow(Wire::invalidToken);
    return GetParameterHistoryResult.builder()
        .parameters(
            page.items().stream()
                .map(
                    p ->
                        Wire.history(
                            p, parameters.value(call, p, in.withDecryption()), history.of(p)))
                .toList())
        .nextToken(page.next())
        .build();
  }

  /** What is known of a parameter, oldest version first. */
  private record History(List<StoredParameter> versions, Map<String, Long> labels) {
    /** The labels of a version, by the alphabet. */
    List<String> of(StoredParameter version) {
      return labels.entrySet().stream()
          .filter(entry -> entry.getValue() == version.version())
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  private static String key(StoredParameter parameter) {
    return String.format(Locale.ROOT, "%019d", parameter.version());
  }
}
