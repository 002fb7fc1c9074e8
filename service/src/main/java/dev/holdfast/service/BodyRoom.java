// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of requests may take together. A body is read before anybody knows who
 * sends it, so nothing is promised on the strength of a length that a stranger announces: memory is
 * taken as the bytes come, and the less is left, the smaller is what a body may grow to. Small ones
 * always find room.
 */
public final class BodyRoom {
  /** A body of so many bytes is small: each connection has that much in any case. */
  public static final int SMALL = 16 * 1024;

  /** A body may grow to one part in so many of what is left. */
  private static final int PARTS = 8;

  private final long bytes;
  private final AtomicLong taken = new AtomicLong();

  /** Makes room for so many bytes. */
  public BodyRoom(long bytes) {
    this.bytes = bytes;
  }

  /** Whether a body may grow to {@code size} bytes while {@code free} are left. */
  static boolean grants(long size, long free) {
    return size <= SMALL || size <= free / PARTS;
  }

  /** What one body takes; given back when it is closed. */
  public final class Hold implements AutoCloseable {
    private long held;

    private Hold() {}

    /** Whether the body may grow to {@code size} bytes; what it has is kept where it may not. */
    public boolean grow(long size) {
      if (size <= SMALL || size <= held) {
        return true;
      }
      if (!grants(size, bytes - taken.get())) {
        return false;
      }
      long _ = taken.addAndGet(size - held);
      held = size;
      return true;
    }

    @Override
    public void close() {
      if (held > 0) {
        long _ = taken.addAndGet(-held);
        held = 0;
      }
    }
  }

  /** A hold on nothing yet. */
  public Hold hold() {
    return new Hold();
  }

  /** Bytes that are taken. */
  public long taken() {
    return taken.get();
  }
}
