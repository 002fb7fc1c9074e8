// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.memory;

import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable weight-balanced search tree of entries; null is the empty tree. A change shares all
 * but the path to the changed key, so an old root is a snapshot. Each node knows the count and the
 * newest revision below it, so the state of a range costs O(log n).
 *
 * <p>Balance as in Hirai and Yamamoto, "Balancing weight-balanced trees" (2011): delta 3, gamma 2.
 */
record Tree(Entry entry, @Nullable Tree left, @Nullable Tree right, long size, Revision newest) {
  private static final int DELTA = 3;
  private static final int GAMMA = 2;

  private static Tree node(Entry entry, @Nullable Tree left, @Nullable Tree right) {
    Revision newest = entry.modRevision();
    if (left != null && left.newest.isAfter(newest)) {
      newest = left.newest;
    }
    if (right != null && right.newest.isAfter(newest)) {
      newest = right.newest;
    }
    return new Tree(entry, left, right, size(left) + size(right) + 1, newest);
  }

  private static long size(@Nullable Tree tree) {
    return tree == null ? 0 : tree.size;
  }

  private static long weight(@Nullable Tree tree) {
    return size(tree) + 1;
  }

  static @Nullable Entry get(@Nullable Tree tree, Key key) {
    Tree at = tree;
    while (at != null) {
      int order = key.compareTo(at.entry.key());
      if (order == 0) {
        return at.entry;
      }
      at = order < 0 ? at.left : at.right;
    }
    return null;
  }

  static Tree put(@Nullable Tree tree, Entry entry) {
    if (tree == null) {
      return node(entry, null, null);
    }
    int order = entry.key().compareTo(tree.entry.key());
    if (order == 0) {
      return node(entry, tree.left, tree.right);
    }
    return order < 0
        ? balance(tree.entry, put(tree.left, entry), tree.right)
        : balance(tree.entry, tree.left, put(tree.right, entry));
  }

  static @Nullable Tree delete(@Nullable Tree tree, Key key) {
    if (tree == null) {
      return null;
    }
    int order = key.compareTo(tree.entry.key());
    if (order < 0) {
      return balance(tree.entry, delete(tree.left, key), tree.right);
    }
    if (order > 0) {
      return balance(tree.entry, tree.left, delete(tree.right, key));
    }
    if (tree.right == null) {
      return tree.left;
    }
    Entry next = least(tree.right);
    return balance(next, tree.left, delete(tree.right, next.key()));
  }

  private static Entry least(Tree tree) {
    Tree at = tree;
    while (at.left != null) {
      at = at.left;
    }
    return at.entry;
  }

  private static Tree balance(Entry entry, @Nullable Tree left, @Nullable Tree right) {
    if (right != null && size(left) + size(right) > 1 && weight(right) > DELTA * weight(left)) {
      Tree inner = right.left;
      if (inner == null || weight(inner) < GAMMA * weight(right.right)) {
        return node(right.entry, node(entry, left, inner), right.right);
      }
      return node(
          inner.entry, node(entry, left, inner.left), node(right.entry, inner.right, right.right));
    }
    if (left != null && size(left) + size(right) > 1 && weight(left) > DELTA * weight(right)) {
      Tree inner = left.right;
      if (inner == null || weight(inner) < GAMMA * weight(left.left)) {
        return node(left.entry, left.left, node(entry, inner, right));
      }
      return node(
          inner.entry, node(left.entry, left.left, inner.left), node(entry, inner.right, right));
    }
    return node(entry, left, right);
  }

  /** Adds the entries of a range to {@code out} until it holds {@code limit}. */
  static void collect(@Nullable Tree tree, KeyRange range, int limit, List<Entry> out) {
    if (tree == null || out.size() >= limit) {
      return;
    }
    Key key = tree.entry.key();
    Key to = range.to();
    boolean afterFrom = key.compareTo(range.from()) >= 0;
    boolean beforeTo = to == null || key.compareTo(to) < 0;
    if (afterFrom) {
      collect(tree.left, range, limit, out);
    }
    if (afterFrom && beforeTo && out.size() < limit) {
      out.add(tree.entry);
    }
    if (beforeTo) {
      collect(tree.right, range, limit, out);
    }
  }

  /** As {@link #collect}, from the end of the range to its beginning. */
  static void collectBack(@Nullable Tree tree, KeyRange range, int limit, List<Entry> out) {
    if (tree == null || out.size() >= limit) {
      return;
    }
    Key key = tree.entry.key();
    Key to = range.to();
    boolean afterFrom = key.compareTo(range.from()) >= 0;
    boolean beforeTo = to == null || key.compareTo(to) < 0;
    if (beforeTo) {
      collectBack(tree.right, range, limit, out);
    }
    if (afterFrom && beforeTo && out.size() < limit) {
      out.add(tree.entry);
    }
    if (afterFrom) {
      collectBack(tree.left, range, limit, out);
    }
  }

  static RangeState state(@Nullable Tree tree, @Nullable Key from, @Nullable Key to) {
    if (tree == null) {
      return RangeState.EMPTY;
    }
    if (from == null && to == null) {
      return new RangeState(tree.size, tree.newest);
    }
    Key key = tree.entry.key();
    if (from != null && key.compareTo(from) < 0) {
      return state(tree.right, from, to);
    }
    if (to != null && key.compareTo(to) >= 0) {
      return state(tree.left, from, to);
    }
    RangeState low = state(tree.left, from, null);
    RangeState high = state(tree.right, null, to);
    Revision newest = low.newest().isAfter(high.newest()) ? low.newest() : high.newest();
    return new RangeState(low.count() + high.count(), newest).plus(tree.entry.modRevision());
  }
}
