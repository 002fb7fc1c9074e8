// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.DescribeLogStreamsRequest;
import dev.holdfast.aws.logs.DescribeLogStreamsResponse;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists the streams of a log group. */
public record DescribeLogStreams(Needs needs)
    implements Operation<DescribeLogStreamsRequest, DescribeLogStreamsResponse> {
  @Override
  public OperationModel<DescribeLogStreamsRequest, DescribeLogStreamsResponse> model() {
    return LogsModel.DESCRIBE_LOG_STREAMS;
  }

  private static final String NAME = "DescribeLogStreams";
  private static final int PAGE = 1000;

  private static final Comparator<LogStream> BY_NAME = Comparator.comparing(LogStream::name);
  private static final Comparator<LogStream> BY_TIME =
      Comparator.comparingLong(DescribeLogStreams::last).thenComparing(BY_NAME);

  @Override
  public Access access(Call call, DescribeLogStreamsRequest in) {
    return Access.of(Groups.demand("logs:DescribeLogStreams", named(call, in)));
  }

  private static Groups.Named named(Call call, DescribeLogStreamsRequest in) {
    return Groups.named(call, in.logGroupName(), in.logGroupIdentifier());
  }

  @Override
  public DescribeLogStreamsResponse handle(Call call, DescribeLogStreamsRequest in) {
    boolean byTime = "LastEventTime".equals(in.orderBy());
    String prefix = in.logStreamNamePrefix();
    if (byTime && prefix != null) {
      throw Wire.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    String same = in.toBuilder().nextToken(null).limit(null).build().toString();
    Long lastTime = null;
    String lastName = null;
    String token = in.nextToken();
    if (token != null) {
      List<String> given =
          needs.pages().open(call, NAME, same, token).orElseThrow(Wire::invalidToken);
      lastTime = Long.valueOf(given.get(0));
      lastName = given.get(1);
    }
    Comparator<LogStream> ascending = byTime ? BY_TIME : BY_NAME;
    Comparator<LogStream> order =
        Boolean.TRUE.equals(in.descending()) ? ascending.reversed() : ascending;
    LogGroup group = needs.state().read(view -> Groups.group(view, call, named(call, in)));
    var streams = new ArrayList<LogStream>();
    for (LogStream stream : needs.state().read(view -> all(view, group))) {
      if ((prefix == null || stream.name().startsWith(prefix))
          && (lastTime == null
              || lastName == null
              || order.compare(stream, at(stream, lastTime, lastName)) > 0)) {
        streams.add(stream);
      }
    }
    streams.sort(order);
    Integer limit = in.limit();
    int most = Math.min(streams.size(), limit == null ? 50 : limit);
    List<LogStream> page = streams.subList(0, most);
    return DescribeLogStreamsResponse.builder()
        .logStreams(page.stream().map(stream -> Wire.stream(group, stream)).toList())
        .nextToken(
            most == streams.size()
                ? null
                : needs
                    .pages()
                    .after(
                        call,
                        NAME,
                        same,
                        List.of(Long.toString(last(page.getLast())), page.getLast().name())))
        .build();
  }

  private static List<LogStream> all(View view, LogGroup group) {
    var all = new ArrayList<LogStream>();
    List<LogStream> page = LogTables.streams(view, group, null, PAGE);
    while (!page.isEmpty()) {
      all.addAll(page);
      page =
          page.size() < PAGE
              ? List.of()
              : LogTables.streams(view, group, page.getLast().name(), PAGE);
    }
    return all;
  }

  /** A stream that lies where the page before ended. */
  private static LogStream at(LogStream like, long lastEvent, String name) {
    return new LogStream(
        like.account(),
        like.region(),
        like.group(),
        name,
        like.id(),
        like.created(),
        0,
        null,
        lastEvent,
        null,
        0,
        0,
        0,
        0,
        null);
  }

  private static long last(LogStream stream) {
    Long last = stream.lastEvent();
    return last == null ? 0 : last;
  }
}
