// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables of CloudWatch Logs. */
public final class LogTables {
  private static final String BY_END = "end";
  private static final String BY_ID = "id";

  private record GroupKey(Region region, String name) {
    private List<String> segments() {
      return List.of(region.name(), name);
    }
  }

  private record StreamKey(Region region, String group, String name) {
    private List<String> segments() {
      return List.of(region.name(), group, name);
    }
  }

  private record PieceKey(String stream, long number) {
    private List<String> segments() {
      return List.of(stream, padded(number));
    }
  }

  private static final Table<GroupKey, LogGroup> GROUPS =
      Table.of("log-groups", LogGroup.class, GroupKey::segments);

  private static final Table<StreamKey, LogStream> STREAMS =
      Table.of("log-streams", LogStream.class, StreamKey::segments)
          .index(BY_ID, stream -> List.of(List.of(stream.id())));

  private static final Table<PieceKey, Piece> PIECES =
      Table.of("log-pieces", Piece.class, PieceKey::segments)
          .index(BY_END, piece -> List.of(List.of(padded(piece.last()))))
          .uncached();

  private static final Table<PieceKey, Content> CONTENTS =
      Table.of("log-contents", Content.class, PieceKey::segments).uncached();

  private static final Table<String, Removal> REMOVALS =
      Table.of("log-removals", Removal.class, List::of);

  private LogTables() {}

  /** Every table of CloudWatch Logs. */
  public static List<Table<?, ?>> all() {
    return List.of(GROUPS, STREAMS, PIECES, CONTENTS, REMOVALS);
  }

  private static String padded(long number) {
    return Ids.padded(number, 19);
  }

  public static @Nullable LogGroup group(View view, AccountId account, Region region, String name) {
    return view.get(GROUPS, account, new GroupKey(region, name));
  }

  /** The groups of a region in order of their names, after one. */
  public static List<LogGroup> groups(
      View view, AccountId account, Region region, @Nullable String after, int limit) {
    return view.list(
        GROUPS,
        account,
        List.of(region.name()),
        after == null ? null : new GroupKey(region, after),
        limit);
  }

  public static void eachGroup(View view, Consumer<LogGroup> visitor) {
    view.each(GROUPS, visitor);
  }

  public static void put(Tx tx, LogGroup group) {
    tx.put(GROUPS, group.account(), new GroupKey(group.region(), group.name()), group);
  }

  public static void delete(Tx tx, LogGroup group) {
    tx.delete(GROUPS, group.account(), new GroupKey(group.region(), group.name()));
  }

  public static @Nullable LogStream stream(
      View view, AccountId account, Region region, String group, String name) {
    return view.get(STREAMS, account, new StreamKey(region, group, name));
  }

  /** The stream with an id, or null. */
  public static @Nullable LogStream byId(View view, AccountId account, String id) {
    List<LogStream> found = view.byIndex(STREAMS, account, BY_ID, id);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The streams of a group in order of their names, after one. */
  public static List<LogStream> streams(
      View view, LogGroup group, @Nullable String after, int limit) {
    return view.list(
        STREAMS,
        group.account(),
        List.of(group.region().name(), group.name()),
        after == null ? null : new StreamKey(group.region(), group.name(), after),
        limit);
  }

  /** The streams of a group before one of them, the last one first. */
  public static List<LogStream> streamsBack(
      View view, LogGroup group, @Nullable String before, int limit) {
    return view.listBackwards(
        STREAMS,
        group.account(),
        List.of(group.region().name(), group.name()),
        before == null ? null : new StreamKey(group.region(), group.name(), before),
        limit);
  }

  public static void eachStream(View view, Consumer<LogStream> visitor) {
    view.each(STREAMS, visitor);
  }

  public static void put(Tx tx, LogStream stream) {
    tx.put(
        STREAMS,
        stream.account(),
        new StreamKey(stream.region(), stream.group(), stream.name()),
        stream);
  }

  /** Deletes a stream; its pieces go later, by its {@link Removal}. */
  public static void delete(Tx tx, LogStream stream) {
    tx.delete(
        STREAMS, stream.account(), new StreamKey(stream.region(), stream.group(), stream.name()));
    if (stream.bytes() > 0) {
      tx.put(REMOVALS, stream.account(), stream.id(), new Removal(stream.account(), stream.id()));
    }
  }

  /** The pieces of a stream in order of their numbers. */
  public static List<Piece> pieces(View view, AccountId account, String stream) {
    return view.list(PIECES, account, stream);
  }

  /** The pieces of a stream from one on. */
  public static List<Piece> pieces(
      View view, AccountId account, String stream, long from, int limit) {
    return view.list(
        PIECES, account, List.of(stream), from == 0 ? null : new PieceKey(stream, from - 1), limit);
  }

  /** The pieces of an account whose newest event is oldest. */
  public static List<Piece> oldest(View view, AccountId account, int limit) {
    return view.byIndex(PIECES, account, BY_END, List.of(), null, limit);
  }

  public static void eachPiece(View view, Consumer<Piece> visitor) {
    view.each(PIECES, visitor);
  }

  public static @Nullable Content content(View view, Piece piece) {
    return view.get(CONTENTS, piece.account(), new PieceKey(piece.stream(), piece.number()));
  }

  /** Shows where every content lies: the account, the stream's id, the number. */
  public static void eachContent(View view, View.Visitor<Content> visitor) {
    view.eachRow(CONTENTS, visitor);
  }

  public static @Nullable Piece piece(View view, AccountId account, String stream, long number) {
    return view.get(PIECES, account, new PieceKey(stream, number));
  }

  public static void put(Tx tx, Piece piece, Content content) {
    var key = new PieceKey(piece.stream(), piece.number());
    tx.put(PIECES, piece.account(), key, piece);
    tx.put(CONTENTS, piece.account(), key, content);
  }

  public static void delete(Tx tx, Piece piece) {
    var key = new PieceKey(piece.stream(), piece.number());
    tx.delete(PIECES, piece.account(), key);
    tx.delete(CONTENTS, piece.account(), key);
  }

  public static void eachRemoval(View view, Consumer<Removal> visitor) {
    view.each(REMOVALS, visitor);
  }

  public static boolean isRemoved(View view, AccountId account, String stream) {
    return view.get(REMOVALS, account, stream) != null;
  }

  /** Forgets a removal, once nothing of the stream is left. */
  public static void done(Tx tx, Removal removal) {
    tx.delete(REMOVALS, removal.account(), removal.stream());
  }
}
