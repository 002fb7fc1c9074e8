// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

/** How far a commit may reach into what is kept for a full disk. */
public enum Urgency {
  /** Waits until there is space again. */
  ORDINARY,
  /** The record of what was only looked at, or refused: may use the first part of the reserve. */
  RECORD,
  /** What keeps the platform in its operator's hand: may use all of it. */
  VITAL
}
