// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.logs.Limits;
import dev.holdfast.logs.model.Content;
import dev.holdfast.logs.model.LogEvent;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.logs.plan.Batch;
import dev.holdfast.logs.plan.PieceCodec;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps events as pieces: a piece a batch, small ones joined as they become many, the oldest ones
 * given up where a stream is full.
 */
public final class Keeper {
  /** So many pieces at the end of a stream are joined. */
  private static final int JOIN = 32;

  /** A piece of so many bytes is joined with nothing more. */
  private static final long LARGE = 256 * 1024;

  private static final long LARGEST = 512 * 1024;

  /** A stream that is full gives up this part of itself at once. */
  private static final int PART = 16;

  private final Limits limits;

  public Keeper(Limits limits) {
    this.limits = limits;
  }

  /**
   * Adds events to a stream.
   *
   * @param events at least one, in the order of their times
   * @param ingested milliseconds
   * @return the stream as it is then
   */
  public LogStream put(Tx tx, LogStream stream, List<Batch.Entry> events, long ingested) {
    LogStream now = add(tx, stream, events, ingested);
    if (now.bytes() > limits.streamBytes()) {
      long before = now.dropped();
      now = trim(tx, now, limits.streamBytes() / PART * (PART - 1));
      String notice =
          "[holdfast] the %d oldest events of this log stream were dropped: a stream holds at most %d MiB, compressed"
              .formatted(now.dropped() - before, limits.streamBytes() >> 20);
      now = add(tx, now, List.of(new Batch.Entry(events.getLast().timestamp(), notice)), ingested);
    }
    LogTables.put(tx, now);
    return now;
  }

  private static LogStream add(Tx tx, LogStream stream, List<Batch.Entry> entries, long ingested) {
    var events = new ArrayList<LogEvent>(entries.size());
    for (Batch.Entry entry : entries) {
      events.add(
          new LogEvent(
              entry.timestamp(), ingested, stream.events() + events.size(), entry.message()));
    }
    long raw = 0;
    for (Batch.Entry entry : entries) {
      raw += entry.size();
    }
    LogStream now = stream.added(write(tx, stream, events, raw), ingested);
    return now.tailPieces() < JOIN ? now : join(tx, now);
  }

  private static Piece write(Tx tx, LogStream stream, List<LogEvent> events, long raw) {
    byte[] bytes = PieceCodec.write(events);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (LogEvent event : events) {
      first = Math.min(first, event.timestamp());
      last = Math.max(last, event.timestamp());
    }
    var piece =
        new Piece(
            stream.account(),
            stream.id(),
            events.getFirst().number(),
            events.size(),
            first,
            last,
            raw,
            bytes.length);
    LogTables.put(tx, piece, new Content(bytes));
    return piece;
  }

  /** The events of a piece. */
  public static List<LogEvent> read(View view, Piece piece) {
    Content content = LogTables.content(view, piece);
    if (content == null) {
      throw new IllegalStateException(
          "the events from "
              + piece.number()
              + " on of log stream "
              + piece.stream()
              + " are gone");
    }
    return PieceCodec.read(content.events(), piece.number(), piece.count());
  }

  /** Joins the small pieces of a stream's tail with their neighbours. */
  private static LogStream join(Tx tx, LogStream stream) {
    List<Piece> tail = LogTables.pieces(tx, stream.account(), stream.id(), stream.tail(), 2 * JOIN);
    var runs = new ArrayList<List<Piece>>();
    long size = 0;
    long next = -1; // where a piece between was given up, its neighbours stay apart
    for (Piece piece : tail) {
      boolean apart = piece.number() != next || size >= LARGE || size + piece.raw() > LARGEST;
      if (apart) {
        runs.add(new ArrayList<>());
        size = 0;
      }
      next = piece.end();
      runs.getLast().add(piece);
      size += piece.raw();
    }
    long more = 0;
    Piece last = tail.getLast();
    for (List<Piece> run : runs) {
      last = run.getLast();
      if (run.size() > 1) {
        last = joined(tx, stream, run);
        more += last.bytes() - run.stream().mapToLong(Piece::bytes).sum();
      }
    }
    boolean open = last.raw() < LARGE;
    return stream.joined(more, open ? last.number() : last.end(), open ? 1 : 0);
  }

  private static Piece joined(Tx tx, LogStream stream, List<Piece> run) {
    var events = new ArrayList<LogEvent>();
    long raw = 0;
    for (Piece piece : run) {
      events.addAll(read(tx, piece));
      raw += piece.raw();
    }
    run.stream().skip(1).forEach(piece -> LogTables.delete(tx, piece));
    return write(tx, stream, events, raw);
  }

  /** Gives up the oldest pieces of a stream, until it takes so many bytes; but never its last. */
  private static LogStream trim(Tx tx, LogStream stream, long most) {
    var gone = new ArrayList<Piece>();
    long bytes = stream.bytes();
    List<Piece> pieces = LogTables.pieces(tx, stream.account(), stream.id());
    for (Piece piece : pieces.subList(0, pieces.size() - 1)) {
      if (bytes <= most) {
        break;
      }
      gone.add(piece);
      bytes -= piece.bytes();
    }
    return without(tx, stream, gone, true);
  }

  /**
   * Takes pieces of a stream away; the caller puts the stream.
   *
   * @param lost whether they go before their time
   */
  static LogStream without(Tx tx, LogStream stream, List<Piece> gone, boolean lost) {
    long fewer = 0;
    long events = 0;
    int ofTail = 0;
    var numbers = new java.util.HashSet<Long>();
    for (Piece piece : gone) {
      LogTables.delete(tx, piece);
      fewer += piece.bytes();
      events += piece.count();
      ofTail += piece.number() >= stream.tail() ? 1 : 0;
      numbers.add(piece.number());
    }
    Long oldest = null;
    for (Piece piece : LogTables.pieces(tx, stream.account(), stream.id())) {
      if (!numbers.contains(piece.number()) && (oldest == null || piece.first() < oldest)) {
        oldest = piece.first();
      }
    }
    return stream.without(oldest, fewer, ofTail, lost ? events : 0);
  }

  /** Whether an account takes more than it may. */
  public boolean over(long bytes) {
    return bytes > limits.accountBytes();
  }

  /** Whether an account takes so much more than it may that nothing more is taken. */
  public boolean farOver(long bytes) {
    return bytes > limits.accountBytes() + limits.accountBytes() / PART;
  }

  /** The bytes that an account which took too much is brought back to. */
  long lowered() {
    return limits.accountBytes() / PART * (PART - 1);
  }

  /** Every account's limits. */
  public Limits limits() {
    return limits;
  }

  /** An account's oldest pieces, for giving them up. */
  static List<Piece> oldest(View view, AccountId account) {
    return LogTables.oldest(view, account, 64);
  }
}
