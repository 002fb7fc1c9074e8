// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.FilterLogEventsRequest;
import dev.holdfast.aws.logs.FilterLogEventsResponse;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.control.Keeper;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.logs.plan.FilterPattern;
import dev.holdfast.logs.plan.Position;
import dev.holdfast.logs.plan.Scan;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the events of a log group that match a pattern, in the order of their times. */
public record FilterLogEvents(Needs needs)
    implements Operation<FilterLogEventsRequest, FilterLogEventsResponse> {
  @Override
  public OperationModel<FilterLogEventsRequest, FilterLogEventsResponse> model() {
    return LogsModel.FILTER_LOG_EVENTS;
  }

  private static final String NAME = "FilterLogEvents";
  private static final int MOST = 10_000;
  private static final int PAGE = 1000;

  /** A page that finds little ends after so many bytes. */
  private static final long BUDGET = 32L << 20;

  @Override
  public Access access(Call call, FilterLogEventsRequest in) {
    return Access.of(Groups.demand("logs:FilterLogEvents", named(call, in)).revealing());
  }

  private static Groups.Named named(Call call, FilterLogEventsRequest in) {
    return Groups.named(call, in.logGroupName(), in.logGroupIdentifier());
  }

  @Override
  public FilterLogEventsResponse handle(Call call, FilterLogEventsRequest in) {
    if (in.logStreamNamePrefix() != null && !in.logStreamNames().isEmpty()) {
      throw Wire.invalid(
          "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.");
    }
    FilterPattern pattern;
    try {
      String text = in.filterPattern();
      pattern = FilterPattern.parse(text == null ? "" : text);
    } catch (FilterPattern.Invalid e) {
      throw Wire.invalid(String.valueOf(e.getMessage()));
    }
    String same = in.toBuilder().nextToken(null).limit(null).build().toString();
    String token = in.nextToken();
    Position after =
        token == null
            ? null
            : position(needs.pages().open(call, NAME, same, token).orElseThrow(Wire::invalidToken));
    return needs.state().read(view -> read(view, call, in, pattern, after, same));
  }

  private FilterLogEventsResponse read(
      View view,
      Call call,
      FilterLogEventsRequest in,
      FilterPattern pattern,
      @Nullable Position after,
      String same) {
    LogGroup group = Groups.group(view, call, named(call, in));
    Integer limit = in.limit();
    var window =
        new Scan.Window(
            Math.max(in.startTime() == null ? 0 : in.startTime(), group.keptFrom(call.now())),
            in.endTime() == null ? Long.MAX_VALUE : in.endTime(),
            after,
            limit == null ? MOST : limit,
            BUDGET);
    long from = after == null ? window.from() : Math.max(window.from(), after.timestamp());
    var names = new HashMap<String, String>();
    var pieces = new ArrayList<Piece>();
    for (LogStream stream : streams(view, group, in)) {
      Long first = stream.firstEvent();
      Long last = stream.lastEvent();
      if (first != null && last != null && last >= from && first <= window.to()) {
        names.put(stream.id(), stream.name());
        pieces.addAll(LogTables.pieces(view, stream.account(), stream.id()));
      }
    }
    Scan.Page page =
        Scan.forward(pieces, window, pattern::matches, piece -> Keeper.read(view, piece));
    Position next = page.next();
    return FilterLogEventsResponse.builder()
        .events(
            page.events().stream()
                .map(found -> Wire.event(names.getOrDefault(found.position().stream(), ""), found))
                .toList())
        .searchedLogStreams(List.of())
        .nextToken(
            next == null
                ? null
                : needs
                    .pages()
                    .after(
                        call,
                        NAME,
                        same,
                        List.of(
                            Long.toString(next.timestamp()),
                            next.stream(),
                            Long.toString(next.number()))))
        .build();
  }

  private static Position position(List<String> parts) {
    return new Position(Long.parseLong(parts.get(0)), parts.get(1), Long.parseLong(parts.get(2)));
  }

  private static List<LogStream> streams(View view, LogGroup group, FilterLogEventsRequest in) {
    if (!in.logStreamNames().isEmpty()) {
      return in.logStreamNames().stream()
          .distinct()
          .map(name -> Groups.stream(view, group, name))
          .toList();
    }
    String prefix = in.logStreamNamePrefix();
    var all = new ArrayList<LogStream>();
    String after = null;
    List<LogStream> page;
    do {
      page = LogTables.streams(view, group, after, PAGE);
      for (LogStream stream : page) {
        after = stream.name();
        if (prefix == null || stream.name().startsWith(prefix)) {
          all.add(stream);
        }
      }
    } while (page.size() == PAGE);
    return all;
  }
}
