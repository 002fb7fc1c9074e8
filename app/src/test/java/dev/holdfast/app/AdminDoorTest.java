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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminDoorTest {
  @TempDir Path folder;

  private int status(String owner, String method, String target) throws IOException {
    Path socket = folder.resolve("admin.sock");
    try (var _ = HttpServer.start(socket, new AdminDoor(new Nothing(), owner));
        var client = new UnixHttpClient(socket, 1);
        var answer = client.send(Request.of(method, target, Duration.ofSeconds(10)))) {
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

  /** An operator of nothing. */
  private record Nothing() implements AdminDoor.Operator {
    @Override
    public JsonObject status() {
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
