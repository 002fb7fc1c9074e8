// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import dev.holdfast.app.hosts.HostDesk;
import dev.holdfast.ecs.control.Journal;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import dev.holdfast.store.Table;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** What the operator does with the receiver of events, on the machine of the platform. */
public final class WebhookDesk {
  private static final String SOURCE = "holdfast.internal";
  private static final int SECRET_BYTES = 32;

  private final Teller.Ground ground;
  private final Teller teller;
  private final Journal journal;
  private final HostDesk.Operator operator;
  private final RandomGenerator random;

  public WebhookDesk(
      Teller.Ground ground,
      Teller teller,
      Journal journal,
      HostDesk.Operator operator,
      RandomGenerator random) {
    this.ground = ground;
    this.teller = teller;
    this.journal = journal;
    this.operator = operator;
    this.random = random;
  }

  /** Answers where the path is its own; false where it is not. */
  public boolean handle(Exchange exchange, JsonObject body) throws IOException {
    JsonObject answer;
    int status = 200;
    try {
      switch (exchange.method() + " " + exchange.rawPath()) {
        case "GET /webhook" -> answer = shown();
        case "POST /webhook" -> {
          String url = body.string("url");
          answer = set(url == null ? "" : url, body.isTrue("private"));
        }
        case "POST /webhook/remove" -> answer = remove();
        default -> {
          return false;
        }
      }
    } catch (Receiver.Unfit e) {
      status = 403;
      answer = JsonObject.EMPTY.with("message", String.valueOf(e.getMessage()));
    }
    exchange.respond(
        status, List.of(new Header("Content-Type", "application/json")), Json.bytes(answer));
    return true;
  }

  /**
   * Sets the receiver; it is told what happens from now on.
   *
   * @return with the secret, which is shown this once
   */
  public JsonObject set(String url, boolean near) {
    Receiver _ = Receiver.of(url, near);
    String secret = Ids.hex(random, SECRET_BYTES);
    Call call =
        operator.call(SOURCE, "SetWebhook", JsonObject.EMPTY.with("url", Receiver.shown(url)));
    var hook = new Webhook(url, secret, near, ground.epoch().get(), call.now());
    ground
        .state()
        .commit(
            call,
            tx -> {
              tx.put(Webhook.TABLE, Table.PLATFORM, Webhook.KEY, hook);
              tx.put(
                  Webhook.POSITION,
                  Table.PLATFORM,
                  Webhook.KEY,
                  new Webhook.Position(journal.newest(), 0));
              return hook;
            });
    teller.changed();
    return JsonObject.EMPTY.with("url", url).with("secret", secret);
  }

  private JsonObject remove() {
    Call call = operator.call(SOURCE, "RemoveWebhook", JsonObject.EMPTY);
    ground
        .state()
        .commit(
            call,
            tx -> {
              tx.delete(Webhook.TABLE, Table.PLATFORM, Webhook.KEY);
              tx.delete(Webhook.POSITION, Table.PLATFORM, Webhook.KEY);
              return call;
            });
    teller.changed();
    return JsonObject.EMPTY;
  }

  private JsonObject shown() {
    Teller.Standing now = teller.standing().orElse(null);
    if (now == null) {
      return JsonObject.EMPTY;
    }
    JsonObject shown =
        JsonObject.EMPTY
            .with("url", now.url())
            .with("on", now.on())
            .with("told", now.told())
            .with("behind", now.behind())
            .with("givenUp", now.givenUp());
    return now.why() == null ? shown : shown.with("trouble", now.why());
  }
}
