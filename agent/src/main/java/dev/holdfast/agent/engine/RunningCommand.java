// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command that runs in a container, with its input and output. Closing it kills it. */
public final class RunningCommand implements AutoCloseable {
  private static final int PIECE = 16 * 1024;
  private static final int FRAME_HEAD = 8;

  /** What the engine calls standard error in a stream without a terminal. */
  private static final int STANDARD_ERROR = 2;

  private final DockerEngine engine;
  private final Id id;
  private final HijackedStream stream;
  private final boolean terminal;
  private final byte[] buffer = new byte[PIECE];

  /** What the engine calls a container and a command in it. */
  record Id(String container, String command) {}

  RunningCommand(DockerEngine engine, Id id, HijackedStream stream, boolean terminal) {
    this.engine = engine;
    this.id = id;
    this.stream = stream;
    this.terminal = terminal;
  }

  /** A piece of output. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Piece(byte[] bytes, boolean error) {}

  /** The next piece of output, or empty at its end. */
  public Optional<Piece> read() throws IOException {
    if (terminal) {
      int n = stream.in().read(buffer);
      return n < 0 ? Optional.empty() : Optional.of(new Piece(Arrays.copyOf(buffer, n), false));
    }
    ByteBuffer head = ByteBuffer.allocate(FRAME_HEAD);
    if (!stream.fill(head)) {
      return Optional.empty();
    }
    head.flip();
    int source = head.get(0);
    int length = head.getInt(4);
    if (length < 0) {
      throw new EngineException(0, "the container engine sent a frame without an end");
    }
    byte[] bytes = stream.in().readNBytes(length);
    return Optional.of(new Piece(bytes, source == STANDARD_ERROR));
  }

  public void write(byte[] input) throws IOException {
    stream.write(input);
  }

  /** Ends the command's input. */
  public void endInput() throws IOException {
    stream.endOutput();
  }

  /** Gives the terminal another size; one that is not there any more is no error. */
  public void resize(int columns, int rows) throws IOException {
    try {
      engine.order("POST", "/exec/" + id.command() + "/resize?h=" + rows + "&w=" + columns);
    } catch (EngineException _) {
      // the command is over, or does not run yet
    }
  }

  /** Its exit code, or null while it runs. */
  public @Nullable Integer exitCode() throws IOException {
    JsonObject state = state();
    Long code = state.integer("ExitCode");
    return state.isTrue("Running") || code == null ? null : code.intValue();
  }

  private JsonObject state() throws IOException {
    return engine.object("GET", "/exec/" + id.command() + "/json", JsonObject.EMPTY);
  }

  /** Whether a process is one of the container's: an engine elsewhere counts in other numbers. */
  private boolean isOfContainer(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains(id.container());
    } catch (IOException _) {
      return false;
    }
  }

  /** Kills the command with all that it started; the engine itself has no way to. */
  @Override
  public void close() throws IOException {
    try (stream) {
      JsonObject state = state();
      Long pid = state.integer("Pid");
      if (state.isTrue("Running") && pid != null && pid > 1 && isOfContainer(pid)) {
        ProcessHandle.of(pid)
            .ifPresent(
                process -> {
                  process.descendants().forEach(ProcessHandle::destroyForcibly);
                  process.destroyForcibly();
                });
      }
    }
  }
}
