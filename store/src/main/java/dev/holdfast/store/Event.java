// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/** One key put or deleted by a commit. The value is not carried: a watcher reads what it needs. */
public record Event(Key key, Revision revision, Kind kind) {
  /** What happened, in etcd's words. */
  public enum Kind {
    PUT,
    DELETE
  }
}
