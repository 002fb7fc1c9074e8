// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.output.Shown;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.http.UnixHttpClient.Request;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminDoorTest {
  @TempDir Path folder;

  private int status(String owner, String method, String target) throws IOException {
    return status(owner, method, target, "");
  }

  private int status(String owner, String method, String target, String body) throws IOException {
    Path socket = folder.resolve("admin.sock");
    try (var _ = HttpServer.start(socket, new AdminDoor(new Nothing(), owner));
        var client = new UnixHttpClient(socket, 1);
        var answer =
            client.send(new Request(method, target, Map.of(), body, Duration.ofSeconds(10)))) {
      return answer.status();
    }
  }

  @Test
  void servesItsOwner() throws IOException {
    assertThat(status(System.getProperty("user.name"), "GET", "/status")).isEqualTo(200);
  }

  @Test
  void refusesAnybodyElse() throws IOException {
    // Root may always: where the tests run as root, the peer has no other name to be refused by.
    int expected = System.getProperty("user.name").equals("root") ? 200 : 403;
    assertThat(status("somebody-else", "GET", "/status")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../status",
        "/./status",
        "//status",
        "/status/",
        "/status/..",
        "/status/.",
        "/STATUS",
        "/%73tatus",
        "/status;x",
        "/status%00",
        "/tasks/../status",
        "/explain/../status",
        "/explain/%2e%2e/status",
        "/accounts",
        "/accounts/../status",
        "/"
      })
  void servesNothingElse(String path) throws IOException {
    assertThat(status(System.getProperty("user.name"), "GET", path)).isIn(400, 404);
  }

  /** Each was an internal error, with its stack in the log. */
  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "1", "{}{}", "{\"tasks\":\"\\ud800\"}", "\u0000", "{\"a\":1,\"a\":2}"})
  void refusesABodyThatIsNoObject(String body) throws IOException {
    String owner = System.getProperty("user.name");
    assertThat(status(owner, "POST", "/shutdown", body)).isEqualTo(400);
    assertThat(status(owner, "POST", "/other", body)).isEqualTo(400);
    assertThat(status(owner, "POST", "/shutdown", "{\"tasks\":\"keep\"}")).isEqualTo(202);
    assertThat(status(owner, "POST", "/shutdown")).isEqualTo(202);
  }

  /** It was cut, and what was left was no JSON or another. */
  @Test
  void refusesABodyThatIsTooLong() throws IOException {
    String owner = System.getProperty("user.name");
    String longest = "{}" + " ".repeat(65_534);
    assertThat(status(owner, "POST", "/shutdown", longest)).isEqualTo(202);
    assertThat(status(owner, "POST", "/shutdown", longest + " ")).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/logs?task=%zz",
        "/logs?task=%",
        "/logs?since=1&task=%4",
        "/tasks/explain?task=%g0"
      })
  void refusesAnEscapeThatIsNone(String target) throws IOException {
    assertThat(line(target)).startsWith("HTTP/1.1 400 ");
    assertThat(line("/logs?task=%7a")).startsWith("HTTP/1.1 200 ");
  }

  /** The first line of the answer; no client of ours sends such a target. */
  private String line(String target) throws IOException {
    Path socket = folder.resolve("admin.sock");
    String owner = System.getProperty("user.name");
    try (var _ = HttpServer.start(socket, new AdminDoor(new Nothing(), owner));
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String request = "GET " + target + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n";
      int _ = channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(16);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // until enough has come
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    }
  }

  /** An operator of nothing. */
  private record Nothing() implements AdminDoor.Operator {
    @Override
    public JsonObject status() {
      return JsonObject.EMPTY;
    }

    @Override
    public JsonObject ready() {
      return JsonObject.EMPTY;
    }

    @Override
    public JsonObject credentials() {
      return JsonObject.EMPTY;
    }

    @Override
    public boolean custody(Exchange exchange, JsonObject body) {
      return false;
    }

    @Override
    public void deleteAccount(AccountId account) {}

    @Override
    public Optional<String> explainDenial(String authorizationId) {
      return Optional.empty();
    }

    @Override
    public Optional<String> explainTask(String arn) {
      return Optional.empty();
    }

    @Override
    public void logs(AdminDoor.LogQuery query, Shown shown) {}

    @Override
    public JsonObject confirmClock() {
      return JsonObject.EMPTY;
    }

    @Override
    public JsonObject verifyAudit() {
      return JsonObject.EMPTY;
    }

    @Override
    public List<String> shutdown(String tasks) {
      return List.of();
    }
  }
}
