// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.HttpServer;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.http.UnixHttpClient.Request;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.trail.model.TrailTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsDoorTest {
  private static final int LIMIT = 64 * 1024;

  @TempDir Path folder;

  /** What the door answers; the text of a refusal under {@code refused}. */
  private JsonObject ask(Ship ship, String method, String body) throws IOException {
    Path socket = folder.resolve("door.sock");
    var door = new AccountsDoor(ship.directory);
    try (var _ =
            HttpServer.start(
                socket,
                exchange -> {
                  try {
                    JsonObject in = body.isEmpty() ? JsonObject.EMPTY : Json.parseObject(body);
                    assertThat(door.handle(exchange, in)).isTrue();
                  } catch (Refusal e) {
                    exchange.respond(
                        403,
                        List.of(),
                        Json.bytes(
                            JsonObject.EMPTY.with("refused", String.valueOf(e.getMessage()))));
                  }
                });
        var client = new UnixHttpClient(socket, 1);
        var answer = client.send(Request.of(method, "/accounts", Duration.ofSeconds(60)))) {
      return Json.parseObject(new String(answer.bytes(LIMIT), StandardCharsets.UTF_8));
    }
  }

  @Test
  void anAccountIsMadeWithAnAdministratorAndListed() throws IOException {
    try (Ship ship = Ship.launch(folder.resolve("ship"))) {
      JsonObject made = ask(ship, "POST", "{\"alias\":\"quay-side\"}");
      AccountId id = AccountId.parse(String.valueOf(made.string("AccountId"))).orElseThrow();
      assertThat(made.string("AccessKeyId")).startsWith("AKIA");
      assertThat(made.string("SecretAccessKey")).hasSize(40);
      assertThat(
              ship.directory
                  .foundation()
                  .state()
                  .<Boolean>read(
                      view ->
                          Directory.find(view, id, EntityKind.USER, "administrator").isPresent()))
          .isTrue();
      JsonObject listed = ask(ship, "GET", "");
      assertThat(listed.array("accounts")).hasSize(3);
      assertThat(Json.text(listed))
          .contains(id.digits(), "quay-side", ship.home().digits())
          .doesNotContain(String.valueOf(made.string("SecretAccessKey")))
          .containsOnlyOnce("\"own\":true");
    }
  }

  @Test
  void anAliasIsNobodyElsesAndOneThatAwsTakes() throws IOException {
    try (Ship ship = Ship.launch(folder.resolve("ship"))) {
      assertThat(ask(ship, "POST", "{\"alias\":\"quay\"}").string("AccountId")).hasSize(12);
      assertThat(ask(ship, "POST", "{\"alias\":\"quay\"}").string("refused"))
          .isEqualTo("The account alias quay already exists.");
      for (String wrong : new String[] {"", "ab", "Quay", "-quay", "quay-", "a--b", "a/b"}) {
        assertThat(ask(ship, "POST", "{\"alias\":\"" + wrong + "\"}").string("refused"))
            .contains("an alias has 3 to 63");
      }
      assertThat(ask(ship, "GET", "").array("accounts")).hasSize(3);
    }
  }

  @Test
  void theRecordNamesTheOperatorAndNoSecret() throws IOException {
    try (Ship ship = Ship.launch(folder.resolve("ship"))) {
      JsonObject made = ask(ship, "POST", "");
      String found =
          ship.directory.foundation().state().read(view -> view.all(TrailTables.EVENTS).toString());
      assertThat(found)
          .contains("CreateAccount")
          .doesNotContain(String.valueOf(made.string("SecretAccessKey")));
    }
  }
}
