// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs;

import dev.holdfast.kit.AccountId;
import dev.holdfast.logs.control.Keeper;
import dev.holdfast.logs.model.LogEvent;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;

/**
 * What must hold in CloudWatch Logs: every stream is of a group, every piece of a stream, every
 * piece holds the events that it says, and a stream takes what its pieces take.
 */
public record LogsCheck() implements Check {
  @Override
  public String name() {
    return "logs";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return LogTables.all();
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    LogTables.eachStream(view, stream -> stream(view, stream, found));
    LogTables.eachPiece(view, piece -> piece(view, piece, found));
    LogTables.eachContent(
        view,
        (account, key, _) -> {
          if (LogTables.piece(view, account, key.get(0), Long.parseLong(key.get(1))) == null) {
            found.accept(
                Finding.lost(place(account, key.get(0)), "has events that no piece names"));
          }
        });
  }

  private static String place(AccountId account, String stream) {
    return "log stream " + stream + " of account " + account.digits();
  }

  private static void stream(View view, LogStream stream, Consumer<Finding> found) {
    String place = "log stream `" + stream.group() + "` `" + stream.name() + "`";
    if (LogTables.group(view, stream.account(), stream.region(), stream.group()) == null) {
      found.accept(Finding.lost(place, "is of a log group that is not there"));
    }
    List<Piece> pieces = LogTables.pieces(view, stream.account(), stream.id());
    long bytes = pieces.stream().mapToLong(Piece::bytes).sum();
    boolean beyond = !pieces.isEmpty() && pieces.getLast().end() > stream.events();
    if (bytes != stream.bytes() || beyond) {
      found.accept(
          Finding.lost(
              place,
              "takes %d bytes in %d pieces, and says %d"
                  .formatted(bytes, pieces.size(), stream.bytes())));
    }
  }

  private static void piece(View view, Piece piece, Consumer<Finding> found) {
    String place = place(piece.account(), piece.stream());
    if (LogTables.byId(view, piece.account(), piece.stream()) == null
        && !LogTables.isRemoved(view, piece.account(), piece.stream())) {
      found.accept(Finding.lost(place, "is not there, and has events"));
    }
    try {
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      for (LogEvent event : Keeper.read(view, piece)) {
        first = Math.min(first, event.timestamp());
        last = Math.max(last, event.timestamp());
      }
      if (first != piece.first() || last != piece.last()) {
        found.accept(Finding.lost(place, "has events of other times than it says"));
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      found.accept(Finding.lost(place, String.valueOf(e.getMessage())));
    }
  }
}
