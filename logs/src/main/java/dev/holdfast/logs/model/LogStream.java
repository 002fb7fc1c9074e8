// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log stream.
 *
 * @param id 16 hexadecimal digits, never used again: another stream of the same name has another
 * @param events how many were ever put; the next one has this number
 * @param firstEvent milliseconds of the oldest event that is kept, or null for none
 * @param lastEvent milliseconds of the newest event that was put, or null for none
 * @param lastIngestion milliseconds
 * @param bytes that its pieces take, compressed
 * @param tail the number of the first piece that may still be joined with later ones
 * @param tailPieces how many pieces those are
 * @param dropped how many events went because of a limit, before their time
 * @param once what the batch that was put last calls itself, or null: the same batch again changes
 *     nothing
 */
public record LogStream(
    AccountId account,
    Region region,
    String group,
    String name,
    String id,
    Instant created,
    long events,
    @Nullable Long firstEvent,
    @Nullable Long lastEvent,
    @Nullable Long lastIngestion,
    long bytes,
    long tail,
    int tailPieces,
    long dropped,
    @Nullable String once) {

  /** A stream that holds nothing yet. */
  public static LogStream fresh(LogGroup group, String name, String id, Instant now) {
    return new LogStream(
        group.account(),
        group.region(),
        group.name(),
        name,
        id,
        now,
        0,
        null,
        null,
        null,
        0,
        0,
        0,
        0,
        null);
  }

  /** A copy after a piece was added at its end. */
  public LogStream added(Piece piece, long ingested) {
    Long first = firstEvent;
    Long last = lastEvent;
    return new LogStream(
        account,
        region,
        group,
        name,
        id,
        created,
        events + piece.count(),
        first == null ? piece.first() : Math.min(first, piece.first()),
        last == null ? piece.last() : Math.max(last, piece.last()),
        ingested,
        bytes + piece.bytes(),
        tail,
        tailPieces + 1,
        dropped,
        once);
  }

  /**
   * A copy after pieces of its tail were joined.
   *
   * @param more how many bytes it takes more than before; mostly negative
   */
  public LogStream joined(long more, long newTail, int newTailPieces) {
    return new LogStream(
        account,
        region,
        group,
        name,
        id,
        created,
        events,
        firstEvent,
        lastEvent,
        lastIngestion,
        bytes + more,
        newTail,
        newTailPieces,
        dropped,
        once);
  }

  /**
   * A copy after pieces went.
   *
   * @param oldest the oldest event that is left, or null for none
   * @param fewer how many bytes less it takes
   * @param ofTail how many of the pieces were of its tail
   * @param lost how many events went before their time
   */
  public LogStream without(@Nullable Long oldest, long fewer, int ofTail, long lost) {
    return new LogStream(
        account,
        region,
        group,
        name,
        id,
        created,
        events,
        oldest,
        lastEvent,
        lastIngestion,
        bytes - fewer,
        tail,
        tailPieces - ofTail,
        dropped + lost,
        once);
  }

  /** A copy that knows what its last batch calls itself. */
  public LogStream after(@Nullable String batch) {
    return new LogStream(
        account,
        region,
        group,
        name,
        id,
        created,
        events,
        firstEvent,
        lastEvent,
        lastIngestion,
        bytes,
        tail,
        tailPieces,
        dropped,
        batch);
  }
}
