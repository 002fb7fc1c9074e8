// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.StoreDamaged;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no writes are missing between what a manifest knows and what the logs hold.
 *
 * <p>RocksDB numbers every write. A note in the manifest that table files took over a log's writes
 * says up to which number, and then the log is deleted. Where such a note is lost again, the store
 * opens without these writes and with all later ones, so its newest revision says nothing. But then
 * the logs begin later than the manifest ends.
 */
final class Continuity {
  private static final Pattern MANIFEST = Pattern.compile("MANIFEST-\\d+");
  private static final Pattern LOG = Pattern.compile("(\\d+)\\.log");

  /** The tags of a note that come before its last sequence number; see RocksDB's version_edit.h. */
  private static final int COMPARATOR = 1;

  private static final int LOG_NUMBER = 2;
  private static final int NEXT_FILE = 3;
  private static final int LAST_SEQUENCE = 4;
  private static final int PREVIOUS_LOG = 9;
  private static final int LEAST_LOG = 10;
  private static final int COLUMN_FAMILY = 200;
  private static final int MOST_COLUMN_FAMILY = 203;

  /** Tags with this bit have a length, so that who does not know them can skip them. */
  private static final int SKIPPABLE = 1 << 13;

  private long log;
  private long sequence;

  private Continuity() {}

  /**
   * Checks a directory whose logs have passed {@link LogFormat#check}.
   *
   * @throws StoreDamaged where writes are missing
   */
  static void check(Path directory) throws IOException {
    var known = new Continuity();
    Path manifest = manifest(directory);
    if (manifest == null) {
      return; // RocksDB says better what is wrong
    }
    LogFormat.eachRecord(manifest, known::note);
    for (Path file : logs(directory, known.log)) {
      var first = new long[] {-1};
      var next = new long[1];
      LogFormat.eachRecord(
          file,
          record -> {
            if (record.remaining() >= Long.BYTES + Integer.BYTES) {
              long at = record.getLong();
              next[0] = at + Integer.toUnsignedLong(record.getInt());
              first[0] = first[0] < 0 ? at : first[0];
            }
          });
      if (first[0] > known.sequence + 1) {
        throw new StoreDamaged(
            "`%s` begins with write %d, and the logs before it and `%s` end with write %d: a log is missing, or the end of the manifest"
                .formatted(file, first[0], manifest, known.sequence));
      }
      known.sequence = Math.max(known.sequence, next[0] - 1);
    }
  }

  /** The manifest that {@code CURRENT} names; null where it names none. */
  private static @Nullable Path manifest(Path directory) throws IOException {
    Path current = directory.resolve("CURRENT");
    if (!Files.isRegularFile(current)) {
      return null;
    }
    String name = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1).strip();
    Path manifest = MANIFEST.matcher(name).matches() ? directory.resolve(name) : null;
    return manifest != null && Files.isRegularFile(manifest) ? manifest : null;
  }

  /** The logs that the manifest needs, oldest first. */
  private static List<Path> logs(Path directory, long least) throws IOException {
    var logs = new ArrayList<Path>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.log")) {
      for (Path file : files) {
        if (number(file) >= least) {
          logs.add(file);
        }
      }
    }
    logs.sort(Comparator.comparingLong(Continuity::number));
    return logs;
  }

  private static long number(Path file) {
    var matcher = LOG.matcher(String.valueOf(file.getFileName()));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /** Takes from a note of the manifest which log it needs and how far its tables go. */
  private void note(ByteBuffer note) {
    try {
      while (note.hasRemaining()) {
        int tag = (int) varint(note);
        if (tag == LOG_NUMBER) {
          log = Math.max(log, varint(note));
        } else if (tag == LAST_SEQUENCE) {
          sequence = Math.max(sequence, varint(note));
        } else if (tag == COMPARATOR || (tag & SKIPPABLE) != 0) {
          long length = varint(note);
          note.position(note.position() + (int) Math.min(length, note.remaining()));
        } else if (tag == NEXT_FILE
            || tag == PREVIOUS_LOG
            || tag == LEAST_LOG
            || tag == COLUMN_FAMILY
            || tag == MOST_COLUMN_FAMILY) {
          varint(note);
        } else {
          return; // the files that come and go: nothing more to learn
        }
      }
    } catch (BufferUnderflowException _) {
      // the first piece of a long note, which has what there is to learn before its files
    }
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
    }
    return value;
  }
}
