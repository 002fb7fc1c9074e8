// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.Watch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store whose values lie encrypted in another store, each bound to its key: a value moved to
 * another key does not open. Keys stay readable, and an old value put back under its own key is not
 * noticed here.
 */
public final class SealedStore implements Store {
  private final Store inner;
  private final Keyring keyring;

  /**
   * A seal over a store.
   *
   * @param keyring not closed with this store
   * @throws SealException where the store holds values that this keyring does not open
   */
  public SealedStore(Store inner, Keyring keyring) {
    this.inner = inner;
    this.keyring = keyring;
    try (Snapshot snapshot = inner.read()) {
      for (Entry entry : snapshot.list(KeyRange.ALL, 1)) {
        try {
          open(entry);
        } catch (SealException e) {
          throw new SealException("the keyring does not open this store", e);
        }
      }
    }
  }

  private Entry open(Entry entry) {
    byte[] value = keyring.open(Keyring.Domain.VALUE, entry.value(), entry.key().bytes());
    return new Entry(entry.key(), value, entry.modRevision());
  }

  @Override
  public Snapshot read() {
    return new Opened(inner.read());
  }

  @Override
  public Revision commit(Commit commit) {
    var sealed = new LinkedHashMap<Key, byte[]>();
    commit
        .puts()
        .forEach(
            (key, value) ->
                sealed.put(key, keyring.seal(Keyring.Domain.VALUE, value, key.bytes())));
    return inner.commit(new Commit(commit.expects(), sealed, commit.deletes()));
  }

  @Override
  public Watch watch(List<KeyRange> ranges, Revision after) {
    return inner.watch(ranges, after);
  }

  @Override
  public void checkpoint(Path target) {
    inner.checkpoint(target);
  }

  @Override
  public void verifyChecksums() {
    inner.verifyChecksums();
  }

  @Override
  public List<String> damage() {
    return inner.damage();
  }

  @Override
  public void close() {
    inner.close();
  }

  private final class Opened implements Snapshot {
    private final Snapshot sealed;

    Opened(Snapshot sealed) {
      this.sealed = sealed;
    }

    @Override
    public Revision revision() {
      return sealed.revision();
    }

    @Override
    public @Nullable Entry get(Key key) {
      Entry entry = sealed.get(key);
      return entry == null ? null : open(entry);
    }

    @Override
    public List<Entry> list(KeyRange range, int limit) {
      return sealed.list(range, limit).stream().map(SealedStore.this::open).toList();
    }

    @Override
    public List<Entry> last(KeyRange range, int limit) {
      return sealed.last(range, limit).stream().map(SealedStore.this::open).toList();
    }

    @Override
    public @Nullable Key first(KeyRange range) {
      return sealed.first(range);
    }

    @Override
    public RangeState state(KeyRange range) {
      return sealed.state(range);
    }

    @Override
    public void close() {
      sealed.close();
    }
  }
}
