// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.RecordCodec;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables.Row;
import java.time.Instant;
import java.util.List;

/** The hash chain over events: how a block is made, and how one is checked. */
public final class Chain {
  /** What comes before the first block. */
  public static final String START = "0".repeat(64);

  private static final RecordCodec<Row> ROW = RecordCodec.of(Row.class);
  private static final RecordCodec<Sheet> SHEET = RecordCodec.of(Sheet.class);

  private Chain() {}

  /** The hash of an event as it is stored. */
  public static String hash(Row row) {
    return hash(ROW.bytes(row));
  }

  /** The hash of a sheet as it is stored. */
  public static String hash(Sheet sheet) {
    return hash(SHEET.bytes(sheet));
  }

  /** The hash of the stored bytes of an event or a sheet. */
  public static String hash(byte[] row) {
    return Hashes.sha256Hex(row);
  }

  /** The next block. */
  public static Block block(long sequence, Instant at, List<Block.Entry> entries, String previous) {
    return new Block(sequence, at, entries, previous, hash(sequence, at, entries, previous));
  }

  /** Whether a block is what it was when it was made. */
  public static boolean intact(Block block) {
    return block
        .hash()
        .equals(hash(block.sequence(), block.at(), block.entries(), block.previous()));
  }

  private static String hash(
      long sequence, Instant at, List<Block.Entry> entries, String previous) {
    var digest = Hashes.sha256();
    add(digest, Long.toString(sequence));
    add(digest, at.toString());
    add(digest, previous);
    for (Block.Entry entry : entries) {
      add(digest, entry.account().digits());
      entry.key().segments().forEach(segment -> add(digest, segment));
      add(digest, entry.hash());
      if (entry.read()) {
        add(digest, "read");
      }
      if (entry.sheet()) {
        add(digest, "sheet");
      }
    }
    return java.util.HexFormat.of().formatHex(digest.digest());
  }

  /** Length before content, so that no two lists of texts hash alike. */
  private static void add(java.security.MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (bytes.length >> shift));
    }
    digest.update(bytes);
  }

  /** What the signature of a dropped beginning covers. */
  public static byte[] signedBase(long sequence, String hash, Instant newest) {
    return ("base:" + sequence + ":" + hash + ":" + newest)
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** What the signature of a removed account covers. */
  public static byte[] signedRemoval(AccountId account, Instant at) {
    return ("removal:" + account + ":" + at).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** What a head's signature covers. */
  public static byte[] signed(long sequence, String hash) {
    return (sequence + ":" + hash).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
