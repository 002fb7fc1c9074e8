// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

/** A failure that its text explains in full: what happened and what to do. */
public final class CliFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CliFailure(String message) {
    super(message, null, false, false);
  }
}
