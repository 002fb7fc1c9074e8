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
import dev.holdfast.service.PageTokens;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Lists the streams of a log group. */
public record DescribeLogStreams(Needs needs)
    implements Operation<DescribeLogStreamsRequest, DescribeLogStreamsResponse> {
  @Override
  public OperationModel<DescribeLogStreamsRequest, DescribeLogStreamsResponse> model() {
    return LogsModel.DESCRIBE_LOG_STREAMS;
  }

  private static final String NAME = "DescribeLogStreams";
  private static final int DEFAULT = 50;
  private static final int CHUNK = 1000;

  /** What sorts behind all that a name may go on with: the last character there is. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

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
    if (byTime && in.logStreamNamePrefix() != null) {
      throw Wire.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    String same = in.toBuilder().nextToken(null).limit(null).build().toString();
    Integer limit = in.limit();
    int most = limit == null ? DEFAULT : limit;
    return needs
        .state()
        .read(
            view -> {
              LogGroup group = Groups.group(view, call, named(call, in));
              PageTokens.Page<LogStream> page =
                  byTime
                      ? byTime(view, group, call, in, new PageTokens.Listing(NAME, same, most))
                      : byName(
                          view,
                          group,
                          call,
                          in,
                          new PageTokens.Listing(NAME + "ByName", same, most));
              return DescribeLogStreamsResponse.builder()
                  .logStreams(page.items().stream().map(s -> Wire.stream(group, s)).toList())
                  .nextToken(page.next())
                  .build();
            });
  }

  private PageTokens.Page<LogStream> byName(
      View view,
      LogGroup group,
      Call call,
      DescribeLogStreamsRequest in,
      PageTokens.Listing listing) {
    String prefix = in.logStreamNamePrefix() == null ? "" : in.logStreamNamePrefix();
    boolean descending = Boolean.TRUE.equals(in.descending());
    return needs
        .pages()
        .page(
            call,
            listing,
            (last, most) ->
                descending
                    ? streamsBack(view, group, prefix, last, most)
                    : streams(view, group, prefix, last, most),
            LogStream::name,
            stream -> stream.name().startsWith(prefix),
            in.nextToken())
        .orElseThrow(Wire::invalidToken);
  }

  /** Streams whose names begin with a prefix lie together, behind the one that is named so. */
  private static List<LogStream> streams(
      View view, LogGroup group, String prefix, @Nullable String after, int limit) {
    var found = new ArrayList<LogStream>();
    String from = after;
    if (after == null && !prefix.isEmpty()) {
      LogStream same =
          LogTables.stream(view, group.account(), group.region(), group.name(), prefix);
      if (same != null) {
        found.add(same);
      }
      from = prefix;
    }
    if (found.size() < limit) {
      found.addAll(LogTables.streams(view, group, from, limit - found.size()));
    }
    return found.stream().takeWhile(stream -> stream.name().startsWith(prefix)).toList();
  }

  /** As {@link #streams}, from the last name that begins so to the first. */
  private static List<LogStream> streamsBack(
      View view, LogGroup group, String prefix, @Nullable String before, int limit) {
    String from = before == null && !prefix.isEmpty() ? prefix + LAST : before;
    return LogTables.streamsBack(view, group, from, limit).stream()
        .takeWhile(stream -> stream.name().startsWith(prefix))
        .toList();
  }

  /** A stream's place among those of its group by the time of the last event. */
  private record Place(long last, String name) implements Comparable<Place> {
    static Place of(LogStream stream) {
      Long last = stream.lastEvent();
      return new Place(last == null ? 0 : last, stream.name());
    }

    @Override
    public int compareTo(Place other) {
      int order = Long.compare(last, other.last);
      return order == 0 ? name.compareTo(other.name) : order;
    }
  }

  /**
   * Which streams wrote last changes with each event and is kept in no order, so each page looks at
   * all streams of the group. It holds no more of them than it shows.
   */
  private PageTokens.Page<LogStream> byTime(
      View view,
      LogGroup group,
      Call call,
      DescribeLogStreamsRequest in,
      PageTokens.Listing listing) {
    Comparator<LogStream> ascending = Comparator.comparing(Place::of);
    Comparator<LogStream> order =
        Boolean.TRUE.equals(in.descending()) ? ascending.reversed() : ascending;
    Place last = last(call, in, listing);
    var first = new PriorityQueue<LogStream>(order.reversed());
    List<LogStream> chunk = LogTables.streams(view, group, null, CHUNK);
    while (!chunk.isEmpty()) {
      for (LogStream stream : chunk) {
        if (last == null || follows(Place.of(stream), last, in)) {
          first.add(stream);
          if (first.size() > listing.limit() + 1) {
            var _ = first.poll();
          }
        }
      }
      chunk = LogTables.streams(view, group, chunk.getLast().name(), CHUNK);
    }
    List<LogStream> sorted = first.stream().sorted(order).toList();
    if (sorted.size() <= listing.limit()) {
      return new PageTokens.Page<>(sorted, null);
    }
    List<LogStream> shown = sorted.subList(0, listing.limit());
    Place end = Place.of(shown.getLast());
    String next =
        needs
            .pages()
            .after(
                call,
                listing.operation(),
                listing.filter(),
                List.of(Long.toString(end.last()), end.name()));
    return new PageTokens.Page<>(shown, next);
  }

  private static boolean follows(Place place, Place last, DescribeLogStreamsRequest in) {
    int order = place.compareTo(last);
    return Boolean.TRUE.equals(in.descending()) ? order < 0 : order > 0;
  }

  /** Where the page before ended, or null before the first one. */
  private @Nullable Place last(
      Call call, DescribeLogStreamsRequest in, PageTokens.Listing listing) {
    String token = in.nextToken();
    if (token == null) {
      return null;
    }
    List<String> given =
        needs
            .pages()
            .open(call, listing.operation(), listing.filter(), token)
            .orElseThrow(Wire::invalidToken);
    return new Place(Long.parseLong(given.get(0)), given.get(1));
  }
}
