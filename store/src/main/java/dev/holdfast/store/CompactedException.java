// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/** The commits asked for are forgotten: list the state again and watch from there. */
public final class CompactedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CompactedException(String message) {
    super(message, null, false, false);
  }
}
