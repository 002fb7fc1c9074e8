// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of one message from the agent on TACS: header lines, an empty line, then the JSON that
 * {@link AgentFrame} reads. The headers carry a Signature Version 4 over {@code GET} of the
 * websocket's path and query with the hash of the JSON as payload hash.
 *
 * @param headers lower-case names
 * @param body the JSON as it was signed
 */
public record TelemetryFrame(Map<String, String> headers, String body) {
  private static final int MAX_HEADERS = 32;

  public TelemetryFrame {
    var lower = new LinkedHashMap<String, String>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Collections.unmodifiableMap(lower);
  }

  /** The frame as sent. */
  public String text() {
    var text = new StringBuilder();
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.append("\r\n").append(body).toString();
  }

  /**
   * Splits a frame. A frame that begins with the JSON itself has no headers.
   *
   * @throws IllegalArgumentException where the header block is malformed or has no end
   */
  public static TelemetryFrame parse(String text) {
    if (text.startsWith("{")) {
      return new TelemetryFrame(Map.of(), text);
    }
    var headers = new LinkedHashMap<String, String>();
    int at = 0;
    while (headers.size() <= MAX_HEADERS) {
      int end = text.indexOf('\n', at);
      if (end < 0) {
        break;
      }
      String line = text.substring(at, end).strip();
      at = end + 1;
      if (line.isEmpty()) {
        return new TelemetryFrame(headers, text.substring(at));
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        break;
      }
      String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      if (headers.put(name, line.substring(colon + 1).strip()) != null) {
        break;
      }
    }
    throw new IllegalArgumentException("malformed telemetry frame");
  }

  /**
   * The message, or null where its type is unknown.
   *
   * @throws dev.holdfast.kit.Json.MalformedJson where the body is no message
   */
  public @Nullable AgentMessage message() {
    return AgentFrame.read(body);
  }

  /** The header names only: the authorization is a bearer of the agent's identity. */
  @Override
  public String toString() {
    return "TelemetryFrame" + headers.keySet();
  }
}
