// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/** The newest state that was shown, for one reader. */
final class RocksSnapshot implements Snapshot {
  private final Engine engine;
  private final Pin pin;
  private boolean closed;

  RocksSnapshot(Engine engine) {
    this.engine = engine;
    this.pin = engine.pin();
  }

  @Override
  public Revision revision() {
    return pin.revision;
  }

  @Override
  public @Nullable Entry get(Key key) {
    requireOpen();
    byte[] stored =
        engine.<byte @Nullable []>call(pin, db -> db.get(pin.options, Layout.stored(key)));
    return stored == null ? null : new Entry(key, Layout.value(stored), Layout.revision(stored));
  }

  @Override
  public List<Entry> list(KeyRange range, int limit) {
    requireOpen();
    var found = new ArrayList<Entry>();
    if (limit > 0) {
      engine.walk(pin, range, at -> take(at, found, limit));
    }
    return found;
  }

  @Override
  public List<Entry> last(KeyRange range, int limit) {
    requireOpen();
    var found = new ArrayList<Entry>();
    if (limit > 0) {
      engine.walkBack(pin, range, at -> take(at, found, limit));
    }
    return found;
  }

  private static boolean take(RocksIterator at, List<Entry> found, int limit) {
    byte[] stored = at.value();
    found.add(new Entry(Layout.key(at.key()), Layout.value(stored), Layout.revision(stored)));
    return found.size() < limit;
  }

  @Override
  public @Nullable Key first(KeyRange range) {
    requireOpen();
    var found = new ArrayList<Key>(1);
    engine.walk(
        pin,
        range,
        at -> {
          found.add(Layout.key(at.key()));
          return false;
        });
    return found.isEmpty() ? null : found.getFirst();
  }

  @Override
  public RangeState state(KeyRange range) {
    requireOpen();
    return engine.state(pin, range);
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailable("the snapshot is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      engine.release(pin);
    }
  }
}
