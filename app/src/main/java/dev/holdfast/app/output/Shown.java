// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import java.io.IOException;

/** Where what tasks wrote is shown; each method throws where nobody reads any more. */
public interface Shown {
  /** What a task wrote, as it is to be shown. */
  void text(String text) throws IOException;

  /** What is to be said beside it: whose output cannot be had, and why. */
  void note(String text) throws IOException;

  /** Nothing was written for a while. */
  void alive() throws IOException;
}
