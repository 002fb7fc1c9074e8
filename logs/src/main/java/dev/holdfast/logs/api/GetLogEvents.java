// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.logs.GetLogEventsRequest;
import dev.holdfast.aws.logs.GetLogEventsResponse;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.logs.control.Keeper;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.logs.plan.Position;
import dev.holdfast.logs.plan.Scan;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.View;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the events of a log stream, forward or backward. */
public record GetLogEvents(Needs needs)
    implements Operation<GetLogEventsRequest, GetLogEventsResponse> {
  @Override
  public OperationModel<GetLogEventsRequest, GetLogEventsResponse> model() {
    return LogsModel.GET_LOG_EVENTS;
  }

  private static final Pattern TOKEN = Pattern.compile("([fb])/([0-9]{58})/s");
  private static final int MOST = 10_000;

  @Override
  public Access access(Call call, GetLogEventsRequest in) {
    return Access.of(
        Groups.demand("logs:GetLogEvents", named(call, in), in.logStreamName()).revealing());
  }

  private static Groups.Named named(Call call, GetLogEventsRequest in) {
    return Groups.named(call, in.logGroupName(), in.logGroupIdentifier());
  }

  @Override
  public GetLogEventsResponse handle(Call call, GetLogEventsRequest in) {
    String token = in.nextToken();
    Matcher given = TOKEN.matcher(token == null ? "" : token);
    if (token != null && !given.matches()) {
      throw Wire.invalidToken();
    }
    Position position =
        token == null ? null : Position.parse(given.group(2)).orElseThrow(Wire::invalidToken);
    boolean forward =
        token == null ? Boolean.TRUE.equals(in.startFromHead()) : given.group(1).equals("f");
    return needs.state().read(view -> read(view, call, in, position, forward));
  }

  private static GetLogEventsResponse read(
      View view, Call call, GetLogEventsRequest in, @Nullable Position position, boolean forward) {
    LogGroup group = Groups.group(view, call, named(call, in));
    LogStream stream = Groups.stream(view, group, in.logStreamName());
    if (position != null && !position.stream().equals(stream.id())) {
      throw Wire.invalidToken();
    }
    Integer limit = in.limit();
    var window =
        new Scan.Window(
            Math.max(in.startTime() == null ? 0 : in.startTime(), group.keptFrom(call.now())),
            in.endTime() == null ? Long.MAX_VALUE : in.endTime() - 1,
            position,
            limit == null ? MOST : limit,
            Long.MAX_VALUE);
    List<Piece> pieces = LogTables.pieces(view, stream.account(), stream.id());
    Scan.Page page =
        forward
            ? Scan.forward(pieces, window, _ -> true, piece -> Keeper.read(view, piece))
            : Scan.backward(pieces, window, _ -> true, piece -> Keeper.read(view, piece));
    Position first = edge(position, stream, window, true);
    Position last = edge(position, stream, window, false);
    if (!page.events().isEmpty()) {
      first = page.events().getFirst().position();
      last = page.events().getLast().position();
    }
    return GetLogEventsResponse.builder()
        .events(page.events().stream().map(found -> Wire.event(found.event())).toList())
        .nextForwardToken("f/" + last.digits() + "/s")
        .nextBackwardToken("b/" + first.digits() + "/s")
        .build();
  }

  /** Where a page without events lies: a client that gets its own token again has seen all. */
  private static Position edge(
      @Nullable Position position, LogStream stream, Scan.Window window, boolean begin) {
    if (position != null) {
      return position;
    }
    Long newest = stream.lastEvent();
    long to = Math.min(window.to(), newest == null ? 0 : newest);
    return begin
        ? new Position(Math.max(window.from(), 0), stream.id(), 0)
        : new Position(Math.max(to, 0), stream.id(), Math.max(stream.events() - 1, 0));
  }
}
