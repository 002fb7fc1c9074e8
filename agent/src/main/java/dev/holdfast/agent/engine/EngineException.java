// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import java.io.IOException;

/** The engine's refusal of a request, or its absence (status 0). The text is the engine's own. */
public final class EngineException extends IOException {
  private static final long serialVersionUID = 1;
  private final int status;

  public EngineException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status, or 0 where the engine did not answer at all. */
  public int status() {
    return status;
  }

  /** Whether the thing asked about does not exist. */
  public boolean notFound() {
    return status == 404;
  }

  /** Whether the name is taken or the state does not allow the request. */
  public boolean conflict() {
    return status == 409;
  }
}
