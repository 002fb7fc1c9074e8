// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminClientTest {
  @TempDir Path dir;

  private static AdminClient.Answer read(String response) throws IOException {
    var in = new ByteArrayInputStream(response.getBytes(StandardCharsets.UTF_8));
    return AdminClient.read(in, new ByteArrayOutputStream());
  }

  @Test
  void readsBodyOfKnownLength() throws IOException {
    var answer = read("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"a\":1}\nrest");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().integer("a")).isEqualTo(1);
  }

  @Test
  void readsChunkedBody() throws IOException {
    var answer =
        read(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");

    assertThat(answer.body()).isEqualTo("abcde");
  }

  @Test
  void readsBodyUntilTheConnectionCloses() throws IOException {
    assertThat(read("HTTP/1.1 200 OK\r\n\r\nall of it").body()).isEqualTo("all of it");
  }

  @Test
  void refusesBodyThatEndsTooEarly() {
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too early");
  }

  @Test
  void readsAnswerWithoutBody() throws IOException {
    assertThat(read("HTTP/1.1 204 No Content\r\n\r\n").status()).isEqualTo(204);
  }

  @Test
  void keepsTheBodyOfAnErrorOutOfAStream() throws IOException {
    var streamed = new ByteArrayOutputStream();
    var response = "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nno task";

    var answer =
        AdminClient.read(
            new ByteArrayInputStream(response.getBytes(StandardCharsets.UTF_8)), streamed);

    assertThat(streamed.size()).isZero();
    assertThat(answer.json().string("message")).isEqualTo("no task");
  }

  @Test
  void postsJsonOverTheSocket() throws Exception {
    try (var door = new FakeDoor(dir.resolve("admin.sock"), 202, "{}")) {
      var client = new AdminClient(door.socket(), Duration.ofSeconds(5));

      var answer = client.post("/shutdown", JsonObject.EMPTY.with("tasks", "stop"));

      assertThat(answer.status()).isEqualTo(202);
      assertThat(door.request())
          .startsWith("POST /shutdown HTTP/1.1\r\n")
          .endsWith("\r\n\r\n{\"tasks\":\"stop\"}");
    }
  }

  @Test
  void givesUpOnASilentServer() throws Exception {
    try (var door = FakeDoor.silent(dir.resolve("admin.sock"))) {
      var client = new AdminClient(door.socket(), Duration.ofMillis(50));

      assertThatThrownBy(() -> client.get("/status")).isInstanceOf(IOException.class);
    }
  }
}
