// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.DescribeLogGroupsRequest;
import dev.holdfast.aws.logs.DescribeLogGroupsResponse;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists log groups. */
public record DescribeLogGroups(Needs needs)
    implements Operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse> {
  @Override
  public OperationModel<DescribeLogGroupsRequest, DescribeLogGroupsResponse> model() {
    return LogsModel.DESCRIBE_LOG_GROUPS;
  }

  private static final String NAME = "DescribeLogGroups";

  @Override
  public Access access(Call call, DescribeLogGroupsRequest in) {
    return Access.of(Groups.demand("logs:DescribeLogGroups", Groups.named(call, "")));
  }

  @Override
  public DescribeLogGroupsResponse handle(Call call, DescribeLogGroupsRequest in) {
    requireServed(call, in);
    String prefix = in.logGroupNamePrefix();
    String pattern = in.logGroupNamePattern();
    Set<String> named =
        in.logGroupIdentifiers().stream()
            .map(text -> Groups.identified(call, text).name())
            .collect(Collectors.toSet());
    String same = in.toBuilder().nextToken(null).limit(null).build().toString();
    Integer limit = in.limit();
    PageTokens.Page<LogGroup> page =
        needs
            .state()
            .read(
                view ->
                    needs
                        .pages()
                        .page(
                            call,
                            new PageTokens.Listing(NAME, same, limit == null ? 50 : limit),
                            (after, most) ->
                                LogTables.groups(view, call.account(), call.region(), after, most),
                            LogGroup::name,
                            group ->
                                (prefix == null || group.name().startsWith(prefix))
                                    && (pattern == null || group.name().contains(pattern))
                                    && (named.isEmpty() || named.contains(group.name()))
                                    && (in.logGroupClass() == null
                                        || group.logClass().equals(in.logGroupClass())),
                            in.nextToken())
                        .orElseThrow(Wire::invalidToken));
    return DescribeLogGroupsResponse.builder()
        .logGroups(
            page.items().stream()
                .map(
                    group ->
                        Wire.group(
                            group,
                            needs.usage().of(group.account(), group.region().name(), group.name())))
                .toList())
        .nextToken(page.next())
        .build();
  }

  private static void requireServed(Call call, DescribeLogGroupsRequest in) {
    if (in.logGroupNamePrefix() != null && in.logGroupNamePattern() != null) {
      throw Wire.invalid(
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    boolean others =
        in.accountIdentifiers().stream().anyMatch(id -> !id.equals(call.account().digits()));
    if (others || Boolean.TRUE.equals(in.includeLinkedAccounts())) {
      throw Wire.invalid("log groups of other accounts are not served yet");
    }
  }
}
