// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

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
import java.util.List;

/** What the platform asks of the agent beside it, over the agent's own unix socket. */
record AgentLink(Path socket) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FOLLOWED = Duration.ofDays(1);
  private static final int MAX_TEXT = 64 * 1024;

  /**
   * The output of the containers of tasks.
   *
   * @param since seconds back; 0 from the beginning
   * @throws Refusal where the agent does not run or knows none of the tasks
   */
  InputStream logs(List<String> tasks, long since, boolean follow) throws IOException {
    var client = client();
    String target =
        "/logs?task="
            + URLEncoder.encode(String.join(",", tasks), StandardCharsets.UTF_8)
            + "&since="
            + since
            + "&follow="
            + follow;
    var response = client.send(Request.of("GET", target, follow ? FOLLOWED : PATIENCE));
    if (response.status() != 200) {
      String text = new String(response.bytes(MAX_TEXT), StandardCharsets.UTF_8).strip();
      client.close();
      throw new Refusal(text.isEmpty() ? "the agent has no log of this task" : text);
    }
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
