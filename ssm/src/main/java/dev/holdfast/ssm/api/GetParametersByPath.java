// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.GetParametersByPathRequest;
import dev.holdfast.aws.ssm.GetParametersByPathResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.ssm.model.ParameterName;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.plan.ParameterFilter;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the parameters below a path, one level or all. */
public record GetParametersByPath(Parameters parameters, PageTokens pages)
    implements Operation<GetParametersByPathRequest, GetParametersByPathResult> {
  @Override
  public OperationModel<GetParametersByPathRequest, GetParametersByPathResult> model() {
    return SsmModel.GET_PARAMETERS_BY_PATH;
  }

  @Override
  public Access access(Call call, GetParametersByPathRequest in) {
    Filters.requirePath(in.path());
    return Access.of(
        Demand.on(
                "ssm:GetParametersByPath",
                ParameterName.arn(call.account(), call.region(), trimmed(in.path())))
            .key("ssm:Recursive", Boolean.toString(Boolean.TRUE.equals(in.recursive())))
            .revealing());
  }

  @Override
  public GetParametersByPathResult handle(Call call, GetParametersByPathRequest in) {
    List<ParameterFilter> filters = Filters.read(in.parameterFilters(), Filters.BY_PATH);
    boolean recursive = Boolean.TRUE.equals(in.recursive());
    String path = trimmed(in.path());
    String same = in.toBuilder().nextToken(null).maxResults(null).build().toString();
    String after = after(call, same, in.nextToken());
    Integer limit = in.maxResults();
    Parameters.Page page =
        parameters
            .state()
            .read(
                view ->
                    Parameters.page(
                        view,
                        call,
                        path.equals("/") ? List.of() : ParameterName.levels(path),
                        after,
                        limit == null ? 10 : limit,
                        p ->
                            ParameterFilter.below(p.name(), path, recursive)
                                ? shown(view, p, filters)
                                : null));
    parameters.requireRevealing(call, page.items());
    String next = page.next();
    return GetParametersByPathResult.builder()
        .parameters(
            page.items().stream()
                .map(p -> Wire.parameter(p, parameters.value(call, p, in.withDecryption()), null))
                .toList())
        .nextToken(next == null ? null : pages.after(call, NAME, same, List.of(next)))
        .build();
  }

  private static final String NAME = "GetParametersByPath";

  /**
   * The version that is shown: the newest that passes of those with a label, or the current one.
   */
  private static @Nullable StoredParameter shown(
      View view, StoredParameter now, List<ParameterFilter> filters) {
    return versions(view, now, filters).stream()
        .filter(listed -> filters.stream().allMatch(f -> f.test(listed)))
        .map(ParameterFilter.Listed::parameter)
        .max(Comparator.comparingLong(StoredParameter::version))
        .orElse(null);
  }

  private static List<ParameterFilter.Listed> versions(
      View view, StoredParameter now, List<ParameterFilter> filters) {
    if (filters.stream().noneMatch(ParameterFilter.Label.class::isInstance)) {
      return List.of(ParameterFilter.Listed.of(now));
    }
    var labels = new TreeMap<Long, List<String>>();
    ParameterTables.labels(view, now.account(), now.region(), now.name())
        .forEach(
            (label, version) -> labels.computeIfAbsent(version, _ -> new ArrayList<>()).add(label));
    var versions = new ArrayList<ParameterFilter.Listed>();
    labels.forEach(
        (number, its) -> {
          StoredParameter version =
              ParameterTables.version(view, now.account(), now.region(), now.name(), number);
          if (version != null) {
            versions.add(new ParameterFilter.Listed(version, Map.of(), its));
          }
        });
    return versions;
  }

  private @Nullable String after(Call call, String same, @Nullable String token) {
    return token == null || token.isEmpty()
        ? null
        : pages.open(call, NAME, same, token).orElseThrow(Wire::invalidToken).getFirst();
  }

  private static String trimmed(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
