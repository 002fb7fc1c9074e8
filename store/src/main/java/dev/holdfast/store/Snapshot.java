// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state at one revision, untouched by later commits. Close it: it holds resources of the
 * engine. Used by one thread at a time.
 */
public interface Snapshot extends AutoCloseable {
  /** The newest commit that this snapshot sees. */
  Revision revision();

  /** The entry of a key, or null where there is none. */
  @Nullable Entry get(Key key);

  /** The first {@code limit} entries of a range in key order. */
  List<Entry> list(KeyRange range, int limit);

  /** The last {@code limit} entries of a range, the last one first. */
  List<Entry> last(KeyRange range, int limit);

  /** The first key of a range, or null where it is empty. */
  @Nullable Key first(KeyRange range);

  RangeState state(KeyRange range);

  @Override
  void close();
}
