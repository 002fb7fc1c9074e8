// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;

/** JSON answers to containers. */
final class Answers {
  private Answers() {}

  static void json(HttpExchange exchange, int status, JsonValue body) throws IOException {
    byte[] bytes = Json.bytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    // Now, since the server reads what is left of the request before it sends what is left here.
    exchange.getResponseBody().flush();
  }

  /** The shape of the ECS agent's own errors. */
  static JsonObject error(String code, String message) {
    return JsonObject.EMPTY.with("code", code).with("message", message);
  }
}
