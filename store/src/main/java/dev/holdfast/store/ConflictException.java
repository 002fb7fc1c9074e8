// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/** An expectation of a commit did not hold: read again and decide anew. */
public final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConflictException(String message) {
    super(message, null, false, false);
  }
}
