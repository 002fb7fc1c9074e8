// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs commands in containers that run. A command gets what its container has and nothing more:
 * neither privileges nor another user.
 */
public final class Commands {
  private final DockerEngine engine;
  private final Path socket;

  Commands(DockerEngine engine, Path socket) {
    this.engine = engine;
    this.socket = socket;
  }

  /**
   * Starts a command, which ends at the latest with its container.
   *
   * @param terminal whether it gets one
   */
  public RunningCommand start(String container, List<String> command, boolean terminal)
      throws IOException {
    JsonObject wanted =
        JsonObject.EMPTY
            .with("AttachStdin", true)
            .with("AttachStdout", true)
            .with("AttachStderr", true)
            .with("Tty", terminal)
            .with("Privileged", false)
            .with("Cmd", JsonArray.ofStrings(command));
    if (terminal) {
      wanted = wanted.with("Env", JsonArray.ofStrings(List.of("TERM=xterm-256color")));
    }
    String id =
        engine
            .object("POST", "/containers/" + DockerEngine.encoded(container) + "/exec", wanted)
            .string("Id");
    if (id == null) {
      throw new EngineException(0, "the container engine names no id of the command");
    }
    String body = Json.text(JsonObject.EMPTY.with("Detach", false).with("Tty", terminal));
    var stream =
        HijackedStream.open(socket, "/v" + engine.apiVersion() + "/exec/" + id + "/start", body);
    return new RunningCommand(engine, new RunningCommand.Id(container, id), stream, terminal);
  }
}
