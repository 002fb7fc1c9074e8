// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.iam.control.RestoredKeys;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The part of the admin socket that keeps an installation: backups, the root key's export and
 * rotation, and the access keys that a restore left waiting.
 */
final class CustodyDoor {
  private static final System.Logger LOG = System.getLogger("admin");

  private final OpenDirectory directory;
  private final Backups backups;
  private final RestoredKeys keys;
  private final ReentrantLock rootKey = new ReentrantLock();

  CustodyDoor(OpenDirectory directory) {
    this.directory = directory;
    this.backups = new Backups(directory);
    this.keys = new RestoredKeys(directory.foundation().state());
  }

  /** Answers where the path is one of its own; false where it is not. */
  boolean handle(Exchange exchange, JsonObject body) throws IOException {
    switch (exchange.method() + " " + exchange.rawPath()) {
      case "POST /backup" -> backup(exchange, body);
      case "POST /key/export" -> {
        Path file = Path.of(text(body, "file"));
        said(exchange, () -> new KeyExport(directory).to(file));
      }
      case "POST /key/rotate" ->
          said(
              exchange,
              () ->
                  backups.without(
                      () -> new RootKeyRotation(directory).run(body.isTrue("endSessions"))));
      case "GET /keys" -> json(exchange, JsonObject.EMPTY.with("waiting", waiting()));
      case "POST /keys/confirm" -> json(exchange, confirm(body));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Does something with the root key, which nothing else does at the same time. */
  private void said(Exchange exchange, Backups.Alone work) throws IOException {
    rootKey.lock();
    try {
      json(exchange, JsonObject.EMPTY.with("text", work.run()));
    } finally {
      rootKey.unlock();
    }
  }

  /** How many access keys wait. */
  int waitingKeys() {
    return keys.waiting().size();
  }

  /** A line of JSON for each thing there is to tell; the last has {@code ok}. */
  private void backup(Exchange exchange, JsonObject body) throws IOException {
    Path target = Path.of(text(body, "target"));
    OutputStream out =
        exchange.stream(200, List.of(new Header("Content-Type", "application/x-ndjson")), -1);
    JsonObject last;
    try {
      var made =
          backups.make(
              target,
              body.isTrue("withoutKeyExport"),
              line -> tell(out, JsonObject.EMPTY.with("progress", line)));
      last = Backups.shown(made, target);
    } catch (Refusal e) {
      last = JsonObject.EMPTY.with("failed", String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "a backup failed", e);
      last = JsonObject.EMPTY.with("failed", "the backup failed: " + e.getMessage());
    }
    tell(out, last);
    out.close();
  }

  private static void tell(OutputStream out, JsonObject line) throws IOException {
    out.write((Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private JsonArray waiting() {
    return new JsonArray(
        keys.waiting().stream()
            .map(
                key ->
                    (dev.holdfast.kit.JsonValue)
                        JsonObject.EMPTY
                            .with("id", key.id())
                            .with("account", key.account().digits())
                            .with("user", key.userName())
                            .with("created", key.created().toString()))
            .toList());
  }

  private JsonObject confirm(JsonObject body) {
    var wanted = new ArrayList<String>();
    if (body.isTrue("all")) {
      keys.waiting().stream().map(AccessKey::id).forEach(wanted::add);
    } else {
      wanted.add(text(body, "id"));
    }
    var confirmed = new ArrayList<String>();
    for (String id : wanted) {
      var parameters =
          JsonObject.EMPTY
              .with("accessKeyId", id)
              .with("status", "Active")
              .with("restored", "confirmed");
      var call = directory.operator().call("iam.amazonaws.com", "UpdateAccessKey", parameters);
      if (keys.confirm(call, id).isPresent()) {
        confirmed.add(id);
      } else if (!body.isTrue("all")) {
        throw new Refusal(
            "no access key " + id + " waits to be confirmed; see ./holdfast keys list");
      }
    }
    return JsonObject.EMPTY.with("confirmed", JsonArray.ofStrings(confirmed));
  }

  private static String text(JsonObject body, String name) {
    String text = body.string(name);
    if (text == null || text.isBlank()) {
      throw new Refusal("say `" + name + "`");
    }
    return text;
  }

  private static void json(Exchange exchange, JsonObject body) throws IOException {
    exchange.respond(
        200, List.of(new Header("Content-Type", "application/json")), Json.bytes(body));
  }
}
