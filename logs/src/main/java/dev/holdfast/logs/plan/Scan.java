// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import dev.holdfast.logs.model.LogEvent;
import dev.holdfast.logs.model.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of events out of pieces that may overlap in time. It holds one piece and one page,
 * however many pieces there are, and reads no piece that cannot have a part in the page.
 */
public final class Scan {
  /** What a page may hold, in bytes of messages. */
  public static final int PAGE_BYTES = 1024 * 1024;

  private final Window window;
  private final boolean forward;
  private final Function<Piece, List<LogEvent>> load;
  private final Predicate<String> matches;
  private final TreeMap<Position, LogEvent> best;
  private long held;
  private boolean cut;

  /**
   * What is asked for.
   *
   * @param from the first millisecond
   * @param to the last millisecond
   * @param after the position that the page begins beyond, or null
   * @param limit events
   * @param budget bytes of messages after which a page that goes forward ends though it is not full
   */
  public record Window(long from, long to, @Nullable Position after, int limit, long budget) {}

  /** An event with its place. */
  public record Found(Position position, LogEvent event) {}

  /**
   * A page, oldest event first.
   *
   * @param next where to go on, or null where there is nothing more now
   */
  public record Page(List<Found> events, @Nullable Position next) {
    public Page {
      events = List.copyOf(events);
    }
  }

  private Scan(
      Window window,
      boolean forward,
      Function<Piece, List<LogEvent>> load,
      Predicate<String> matches) {
    this.window = window;
    this.forward = forward;
    this.load = load;
    this.matches = matches;
    this.best =
        new TreeMap<>(forward ? Comparator.naturalOrder() : Comparator.<Position>reverseOrder());
  }

  /** The oldest events of a window that match. */
  public static Page forward(
      List<Piece> pieces,
      Window window,
      Predicate<String> matches,
      Function<Piece, List<LogEvent>> load) {
    return new Scan(window, true, load, matches).run(pieces);
  }

  /** The newest events of a window that match. */
  public static Page backward(
      List<Piece> pieces,
      Window window,
      Predicate<String> matches,
      Function<Piece, List<LogEvent>> load) {
    return new Scan(window, false, load, matches).run(pieces);
  }

  /** Where a piece begins, as this scan goes. */
  private long edge(Piece piece) {
    return forward ? piece.first() : piece.last();
  }

  /** Whether one time comes before another, as this scan goes. */
  private boolean ahead(long time, long other) {
    return forward ? time < other : time > other;
  }

  private boolean wanted(Piece piece) {
    Position after = window.after();
    long from =
        after != null && forward ? Math.max(window.from(), after.timestamp()) : window.from();
    long to = after != null && !forward ? Math.min(window.to(), after.timestamp()) : window.to();
    return piece.last() >= from && piece.first() <= to;
  }

  private Page run(List<Piece> pieces) {
    var ordered = new ArrayList<>(pieces.stream().filter(this::wanted).toList());
    Comparator<Piece> byEdge = Comparator.comparingLong(this::edge);
    ordered.sort(forward ? byEdge : byEdge.reversed());
    long read = 0;
    for (int i = 0; i < ordered.size(); i++) {
      Piece piece = ordered.get(i);
      if (full() && ahead(best.lastKey().timestamp(), edge(piece))) {
        cut = true;
        break;
      }
      // The page may end before this piece only where that is some way on from where it began.
      if (forward
          && read > window.budget()
          && ahead(edge(ordered.getFirst()), edge(piece))
          && moved(piece)) {
        return upTo(edge(piece));
      }
      read += piece.raw();
      take(piece);
    }
    return page(cut ? best.lastKey() : null);
  }

  private boolean moved(Piece piece) {
    Position after = window.after();
    return after == null || ahead(after.timestamp(), edge(piece));
  }

  private boolean full() {
    return best.size() >= window.limit() || held >= PAGE_BYTES;
  }

  private void take(Piece piece) {
    Position after = window.after();
    for (LogEvent event : load.apply(piece)) {
      if (event.timestamp() < window.from() || event.timestamp() > window.to()) {
        continue;
      }
      var position = new Position(event.timestamp(), piece.stream(), event.number());
      boolean beyond =
          after == null
              || (forward ? position.compareTo(after) > 0 : position.compareTo(after) < 0);
      if (beyond && matches.test(event.message())) {
        best.put(position, event);
        held += event.message().length() + Batch.OVERHEAD;
        trim();
      }
    }
  }

  private void trim() {
    while (best.size() > window.limit() || (held > PAGE_BYTES && best.size() > 1)) {
      var last = best.pollLastEntry();
      held -= last.getValue().message().length() + Batch.OVERHEAD;
      cut = true;
    }
  }

  /** The page as far as everything before a time was read. */
  private Page upTo(long time) {
    boolean given = false;
    while (!best.isEmpty() && !ahead(best.lastKey().timestamp(), time)) {
      best.pollLastEntry();
      given = true;
    }
    boolean ended = cut && !given && !best.isEmpty();
    return page(ended ? best.lastKey() : Position.before(time));
  }

  private Page page(@Nullable Position next) {
    var found = new ArrayList<Found>();
    best.forEach((position, event) -> found.add(new Found(position, event)));
    return new Page(forward ? found : found.reversed(), next);
  }
}
