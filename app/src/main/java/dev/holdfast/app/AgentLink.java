// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.output.NothingShown;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.http.UnixHttpClient.Request;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the platform asks of the agent beside it, over the agent's own unix socket. */
record AgentLink(Path socket) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FOLLOWED = Duration.ofDays(1);
  private static final int MAX_TEXT = 64 * 1024;

  /**
   * The output of a task's containers, an object a line.
   *
   * @param from milliseconds; 0 from the beginning
   * @return empty where the agent has no container of the task
   * @throws NothingShown where the agent does not run
   */
  Optional<InputStream> logs(String task, long from, boolean follow, boolean whole)
      throws IOException {
    if (!Files.exists(socket)) {
      throw new NothingShown("the agent does not run here, so it has nothing to show");
    }
    var client = new UnixHttpClient(socket, 2);
    String target =
        "/logs?task="
            + URLEncoder.encode(task, StandardCharsets.UTF_8)
            + "&from="
            + from
            + "&follow="
            + follow
            + "&whole="
            + whole;
    UnixHttpClient.Response response;
    try {
      response = client.send(Request.of("GET", target, follow ? FOLLOWED : PATIENCE));
    } catch (IOException e) {
      client.close();
      throw e;
    }
    if (response.status() != 200) {
      String text = new String(response.bytes(MAX_TEXT), StandardCharsets.UTF_8).strip();
      client.close();
      if (response.status() == 404) {
        return Optional.empty();
      }
      throw new NothingShown(text.isEmpty() ? "the agent has no log of this task" : text);
    }
    return Optional.of(read(client, response));
  }

  private static InputStream read(UnixHttpClient client, UnixHttpClient.Response response)
      throws IOException {
    return new FilterInputStream(response.body()) {
      @Override
      public void close() throws IOException {
        response.close();
        client.close();
      }
    };
  }

  /**
   * Removes every container, network, volume and rule that the agent made and that runs nothing.
   */
  void cleanUp() throws IOException {
    try (var client = client();
        var response = client.send(Request.of("POST", "/cleanup", PATIENCE))) {
      if (response.status() >= 300) {
        throw new IOException(new String(response.bytes(MAX_TEXT), StandardCharsets.UTF_8).strip());
      }
    }
  }

  private UnixHttpClient client() throws IOException {
    if (!Files.exists(socket)) {
      throw new Refusal("the agent does not run here, so it has nothing to show");
    }
    return new UnixHttpClient(socket, 2);
  }
}
