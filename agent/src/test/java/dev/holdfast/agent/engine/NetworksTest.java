// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.HttpServer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NetworksTest {
  @TempDir Path folder;

  /** An engine may be told to give every network IPv6, and ours would have got it. */
  @Test
  void asksForNoIpv6WhateverTheEnginesDefault() throws Exception {
    var asked = new AtomicReference<>(JsonObject.EMPTY);
    byte[] about =
        "{\"Version\":\"1\",\"ApiVersion\":\"1.47\",\"Id\":\"n\"}".getBytes(StandardCharsets.UTF_8);
    Path socket = folder.resolve("engine.sock");
    try (var _ =
            HttpServer.start(
                socket,
                exchange -> {
                  if (exchange.rawPath().endsWith("/networks/create")) {
                    asked.set(Json.parseObject(exchange.body().readAllBytes()));
                  }
                  exchange.respond(200, List.of(), about);
                });
        DockerEngine engine = DockerEngine.open(socket)) {
      assertThat(engine.networks().create("a", "hf0", "10.0.0.0/28", "10.0.0.1", Map.of()))
          .isEqualTo("n");
    }
    assertThat(asked.get().string("Name")).isEqualTo("a");
    assertThat(asked.get().get("EnableIPv6")).isEqualTo(new JsonBool(false));
  }
}
