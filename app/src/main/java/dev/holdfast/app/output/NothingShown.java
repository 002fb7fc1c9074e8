// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

/** Nothing can be shown, in words that say why. */
public final class NothingShown extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NothingShown(String message) {
    super(message, null, false, false);
  }
}
