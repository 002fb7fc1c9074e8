// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs;

import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.logs.api.CreateLogGroup;
import dev.holdfast.logs.api.CreateLogStream;
import dev.holdfast.logs.api.DeleteLogGroup;
import dev.holdfast.logs.api.DeleteLogStream;
import dev.holdfast.logs.api.DeleteRetentionPolicy;
import dev.holdfast.logs.api.DescribeLogGroups;
import dev.holdfast.logs.api.DescribeLogStreams;
import dev.holdfast.logs.api.FilterLogEvents;
import dev.holdfast.logs.api.GetLogEvents;
import dev.holdfast.logs.api.ListTagsForResource;
import dev.holdfast.logs.api.ListTagsLogGroup;
import dev.holdfast.logs.api.Needs;
import dev.holdfast.logs.api.PutLogEvents;
import dev.holdfast.logs.api.PutRetentionPolicy;
import dev.holdfast.logs.api.TagLogGroup;
import dev.holdfast.logs.api.TagResource;
import dev.holdfast.logs.api.UntagLogGroup;
import dev.holdfast.logs.api.UntagResource;
import dev.holdfast.logs.control.Keeper;
import dev.holdfast.logs.control.Sweeper;
import dev.holdfast.logs.control.Usage;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.logs.plan.Position;
import dev.holdfast.logs.plan.Scan;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** CloudWatch Logs: its API, and the chores that keep it within its limits. */
public final class Logs {
  private final Needs needs;

  private Logs(Needs needs) {
    this.needs = needs;
  }

  public static Logs create(State state, PageTokens pages, RandomGenerator random, Limits limits) {
    var keeper = new Keeper(limits);
    var usage = new Usage(state);
    return new Logs(
        new Needs(state, pages, random, keeper, new Sweeper(state, keeper, usage), usage));
  }

  public ApiService service() {
    return new ApiService(
        LogsModel.SERVICE,
        List.of(
            new CreateLogGroup(needs),
            new CreateLogStream(needs),
            new DeleteLogGroup(needs),
            new DeleteLogStream(needs),
            new DeleteRetentionPolicy(needs),
            new DescribeLogGroups(needs),
            new DescribeLogStreams(needs),
            new FilterLogEvents(needs),
            new GetLogEvents(needs),
            new ListTagsForResource(needs),
            new ListTagsLogGroup(needs),
            new PutLogEvents(needs),
            new PutRetentionPolicy(needs),
            new TagLogGroup(needs),
            new TagResource(needs),
            new UntagLogGroup(needs),
            new UntagResource(needs)));
  }

  /** A stream, by its names. */
  public record Source(AccountId account, Region region, String group, String stream) {}

  /** An event, with the name of its stream. */
  public record Line(String stream, long timestamp, String text) {
    /** Without the text, which may hold anything. */
    @Override
    public String toString() {
      return "Line[" + stream + " at " + timestamp + "]";
    }
  }

  /**
   * Some events, oldest first.
   *
   * @param next where to go on, or null at the end
   */
  public record Page(List<Line> lines, @Nullable Position next) {}

  /**
   * The operator's own look at streams, merged by time; what is not there is left out.
   *
   * @param from milliseconds
   * @param after the end of the page before, or null
   */
  public Page read(List<Source> sources, long from, @Nullable Position after) {
    return needs
        .state()
        .read(
            view -> {
              var names = new HashMap<String, String>();
              var pieces = new ArrayList<Piece>();
              for (Source s : sources) {
                LogStream stream =
                    LogTables.stream(view, s.account(), s.region(), s.group(), s.stream());
                if (stream != null && names.putIfAbsent(stream.id(), stream.name()) == null) {
                  pieces.addAll(LogTables.pieces(view, stream.account(), stream.id()));
                }
              }
              var window = new Scan.Window(from, Long.MAX_VALUE, after, 10_000, Long.MAX_VALUE);
              Scan.Page page =
                  Scan.forward(pieces, window, _ -> true, piece -> Keeper.read(view, piece));
              List<Line> lines =
                  page.events().stream()
                      .map(
                          found ->
                              new Line(
                                  names.getOrDefault(found.position().stream(), ""),
                                  found.event().timestamp(),
                                  found.event().message()))
                      .toList();
              return new Page(lines, page.next());
            });
  }

  /** Takes away what is kept no longer: expired events, and what is left of deleted streams. */
  public void sweep(Instant now) {
    needs.sweeper().run(now);
  }

  /** What was given up to keep within the limits, for the operator. */
  public List<String> warnings() {
    return needs.sweeper().warnings();
  }
}
