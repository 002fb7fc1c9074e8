// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.http.UnixHttpClient.Response;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a container writes, split into standard output and standard error: the engine puts an
 * eight-byte head before each piece (stream, three zeros, length) unless there is a terminal.
 */
public final class ContainerLogs implements AutoCloseable {
  private static final int MAX_PIECE = 16 * 1024 * 1024;
  private static final int MAX_LINE = 256 * 1024;

  /** The bytes of a piece. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Frame(boolean error, byte[] bytes) {}

  /** A piece as it was written; it need not be a whole line. */
  public record Piece(boolean error, String text) {}

  private final Runnable close;
  private final DataInputStream in;
  private final boolean terminal;

  ContainerLogs(Response response, boolean terminal) {
    this(response.body(), terminal, response::close);
  }

  /** Pieces from a stream; {@code close} ends it. */
  public ContainerLogs(InputStream in, boolean terminal, Runnable close) {
    this.close = close;
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.terminal = terminal;
  }

  /** The next piece; blocks until there is one. Null at the end. */
  public @Nullable Piece next() throws IOException {
    if (terminal) {
      byte[] bytes = new byte[8192];
      int length = in.read(bytes, 0, bytes.length);
      return length < 0
          ? null
          : new Piece(false, new String(bytes, 0, length, StandardCharsets.UTF_8));
    }
    Frame frame = framed();
    return frame == null
        ? null
        : new Piece(frame.error(), new String(frame.bytes(), StandardCharsets.UTF_8));
  }

  /**
   * The next piece in bytes, where each was asked for with its time; a terminal's output is split
   * at its line ends.
   */
  public @Nullable Frame nextFrame() throws IOException {
    if (!terminal) {
      return framed();
    }
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n' || line.size() >= MAX_LINE) {
        break;
      }
    }
    return line.size() == 0 ? null : new Frame(false, line.toByteArray());
  }

  private @Nullable Frame framed() throws IOException {
    int stream = in.read();
    if (stream < 0) {
      return null;
    }
    try {
      in.readFully(new byte[3]);
      int length = in.readInt();
      if (length < 0 || length > MAX_PIECE) {
        throw new IOException("a log piece of " + length + " bytes");
      }
      byte[] bytes = in.readNBytes(length); // as it comes: what is announced need not follow
      return bytes.length < length ? null : new Frame(stream == 2, bytes);
    } catch (EOFException _) {
      return null;
    }
  }

  @Override
  public void close() {
    close.run();
  }
}
