// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store that counts what is read from it. */
public final class CountedStore implements Store {
  private final Store inner;
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger entries = new AtomicInteger();
  private final AtomicInteger largest = new AtomicInteger();

  public CountedStore(Store inner) {
    this.inner = inner;
  }

  public void reset() {
    reads.set(0);
    entries.set(0);
    largest.set(0);
  }

  /** How many times something was read: of keys, or of ranges. */
  public int reads() {
    return reads.get();
  }

  /** How many entries were read. */
  public int entries() {
    return entries.get();
  }

  /** How many entries the largest read had. */
  public int largest() {
    return largest.get();
  }

  private void count(int read) {
    reads.incrementAndGet();
    entries.addAndGet(read);
    largest.accumulateAndGet(read, Math::max);
  }

  @Override
  public Snapshot read() {
    return new Counted(inner.read());
  }

  @Override
  public Revision commit(Commit commit) {
    return inner.commit(commit);
  }

  @Override
  public Watch watch(List<KeyRange> ranges, Revision after) {
    return inner.watch(ranges, after);
  }

  @Override
  public void close() {
    inner.close();
  }

  private final class Counted implements Snapshot {
    private final Snapshot snapshot;

    Counted(Snapshot snapshot) {
      this.snapshot = snapshot;
    }

    @Override
    public Revision revision() {
      return snapshot.revision();
    }

    @Override
    public @Nullable Entry get(Key key) {
      count(1);
      return snapshot.get(key);
    }

    @Override
    public List<Entry> list(KeyRange range, int limit) {
      List<Entry> found = snapshot.list(range, limit);
      count(found.size());
      return found;
    }

    @Override
    public List<Entry> last(KeyRange range, int limit) {
      List<Entry> found = snapshot.last(range, limit);
      count(found.size());
      return found;
    }

    @Override
    public @Nullable Key first(KeyRange range) {
      return snapshot.first(range);
    }

    @Override
    public RangeState state(KeyRange range) {
      return snapshot.state(range);
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }
}
