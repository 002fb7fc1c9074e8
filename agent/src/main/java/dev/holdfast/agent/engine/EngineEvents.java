// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.http.UnixHttpClient.Response;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A live stream of what happens to containers. */
public final class EngineEvents implements AutoCloseable {

  /**
   * One event.
   *
   * @param action as the engine names it: start, die, oom, {@code health_status: healthy}, destroy
   */
  public record Event(String containerId, String action, JsonObject attributes) {}

  private final JsonLines lines;

  EngineEvents(Response response) {
    this.lines = new JsonLines(response);
  }

  /** The next event; blocks until one happens. Null when the engine ends the stream. */
  public @Nullable Event next() throws IOException {
    while (true) {
      JsonObject line = lines.next();
      if (line == null) {
        return null;
      }
      JsonObject actor = line.object("Actor");
      String id = actor.string("ID");
      String action = line.string("Action");
      if (id != null && action != null) {
        return new Event(id, action, actor.object("Attributes"));
      }
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
