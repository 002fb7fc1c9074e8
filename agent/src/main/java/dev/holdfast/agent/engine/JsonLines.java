// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.http.UnixHttpClient.Response;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A response that is one JSON object after another, each on a line of its own. */
final class JsonLines implements AutoCloseable {
  private static final int MAX_LINE = 1024 * 1024;
  private final Runnable close;
  private final InputStream in;

  JsonLines(Response response) {
    this(response.body(), response::close);
  }

  /** Lines from a stream; {@code close} ends it. */
  JsonLines(InputStream in, Runnable close) {
    this.close = close;
    this.in = new BufferedInputStream(in);
  }

  /** The next object; blocks until it arrives. Null at the end of the stream. */
  @Nullable JsonObject next() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b == '\n' || b < 0) {
        String text = line.toString(java.nio.charset.StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
          return parse(text);
        }
        if (b < 0) {
          return null;
        }
        line.reset();
      } else {
        line.write(b);
        if (line.size() > MAX_LINE) {
          throw new IOException("a line of more than " + MAX_LINE + " bytes");
        }
      }
    }
  }

  private static JsonObject parse(String text) throws IOException {
    try {
      return Json.parseObject(text);
    } catch (Json.MalformedJson e) {
      throw new IOException("the container engine's stream is " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    close.run();
  }
}
