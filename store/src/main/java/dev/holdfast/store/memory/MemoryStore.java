// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.memory;

import dev.holdfast.store.Commit;
import dev.holdfast.store.ConflictException;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Event;
import dev.holdfast.store.Expect;
import dev.holdfast.store.History;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A store in memory: nothing survives the process. */
public final class MemoryStore implements Store {
  private record State(@Nullable Tree root, Revision revision) {}

  /** Lets one commit at a time replace {@code state}; readers take no lock. */
  private final ReentrantLock lock = new ReentrantLock();

  private final History history;
  private volatile State state = new State(null, Revision.NONE);
  private volatile boolean closed;

  public MemoryStore() {
    this(65_536);
  }

  /** A store whose watches may be this many events behind. */
  public MemoryStore(int historyCapacity) {
    history = new History(Revision.NONE, historyCapacity);
  }

  @Override
  public Snapshot read() {
    requireOpen();
    return new View(state);
  }

  @Override
  public Revision commit(Commit commit) {
    lock.lock();
    try {
      requireOpen();
      State before = state;
      for (Expect expect : commit.expects()) {
        check(before, expect);
      }
      if (commit.isReadOnly()) {
        return before.revision();
      }
      Revision revision = before.revision().next();
      var events = new ArrayList<Event>();
      Tree root = before.root();
      for (Map.Entry<Key, byte[]> put : commit.puts().entrySet()) {
        root = Tree.put(root, new Entry(put.getKey(), put.getValue().clone(), revision));
        events.add(new Event(put.getKey(), revision, Event.Kind.PUT));
      }
      for (Key key : commit.deletes()) {
        if (Tree.get(root, key) != null) {
          root = Tree.delete(root, key);
          events.add(new Event(key, revision, Event.Kind.DELETE));
        }
      }
      state = new State(root, revision);
      history.append(revision, events);
      return revision;
    } finally {
      lock.unlock();
    }
  }

  private static void check(State state, Expect expect) {
    boolean holds =
        switch (expect) {
          case Expect.Point(Key key, Revision modRevision) -> {
            Entry entry = Tree.get(state.root(), key);
            yield modRevision.equals(entry == null ? Revision.NONE : entry.modRevision());
          }
          case Expect.Unchanged(KeyRange range, _, RangeState expected) ->
              range.isEmpty()
                  || Tree.state(state.root(), range.from(), range.to()).equals(expected);
        };
    if (!holds) {
      throw new ConflictException("an expectation of the commit does not hold");
    }
  }

  @Override
  public Watch watch(List<KeyRange> ranges, Revision after) {
    return history.watch(ranges, after);
  }

  @Override
  public void close() {
    closed = true;
    history.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailable("the store is closed");
    }
  }

  private record View(State state) implements Snapshot {
    @Override
    public Revision revision() {
      return state.revision();
    }

    @Override
    public @Nullable Entry get(Key key) {
      Entry entry = Tree.get(state.root(), key);
      return entry == null ? null : copy(entry);
    }

    @Override
    public List<Entry> list(KeyRange range, int limit) {
      var found = new ArrayList<Entry>();
      Tree.collect(state.root(), range, limit, found);
      found.replaceAll(View::copy);
      return found;
    }

    @Override
    public List<Entry> last(KeyRange range, int limit) {
      var found = new ArrayList<Entry>();
      Tree.collectBack(state.root(), range, limit, found);
      found.replaceAll(View::copy);
      return found;
    }

    @Override
    public @Nullable Key first(KeyRange range) {
      var found = new ArrayList<Entry>(1);
      Tree.collect(state.root(), range, 1, found);
      return found.isEmpty() ? null : found.getFirst().key();
    }

    @Override
    public RangeState state(KeyRange range) {
      return range.isEmpty()
          ? RangeState.EMPTY
          : Tree.state(state.root(), range.from(), range.to());
    }

    private static Entry copy(Entry entry) {
      return new Entry(entry.key(), entry.value().clone(), entry.modRevision());
    }

    @Override
    public void close() {}
  }
}
