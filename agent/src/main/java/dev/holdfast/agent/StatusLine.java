// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Says why tasks cannot run here, whenever that changes, why they are not held to limits of their
 * own, what was tidied, and that a session is wanted; the engine's absence comes first.
 */
final class StatusLine {
  private final PrintStream out;
  private String engine = "";
  private String link = "";
  private @Nullable String said;

  StatusLine(PrintStream out) {
    this.out = out;
  }

  synchronized void engine(String reason) {
    engine = reason;
    say();
  }

  synchronized void link(String reason) {
    link = reason;
    say();
  }

  /** Says why tasks are not held to their own limits as a whole; empty where they are. */
  synchronized void limits(String lacking) {
    out.println(Json.text(JsonObject.EMPTY.with("limits", lacking)));
    out.flush();
  }

  /** Says what was freed on this host so far. */
  synchronized void tidied(String words) {
    out.println(Json.text(JsonObject.EMPTY.with("tidied", words)));
    out.flush();
  }

  /** Says that the platform takes the host's session for one that has ended. */
  synchronized void expired() {
    out.println(Json.text(JsonObject.EMPTY.with("session", "expired")));
    out.flush();
  }

  private void say() {
    String reason = engine.isEmpty() ? link : engine;
    if (!reason.equals(said)) {
      said = reason;
      synchronized (out) {
        out.println(Json.text(JsonObject.EMPTY.with("reason", reason)));
        out.flush();
      }
    }
  }
}
