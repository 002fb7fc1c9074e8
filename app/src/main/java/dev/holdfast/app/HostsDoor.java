// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.hosts.HostDesk;
import dev.holdfast.app.hosts.HostRefusal;
import dev.holdfast.ecs.Fleet;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part of the admin socket that is about other machines and the platform's authority. */
final class HostsDoor {
  private final HostDesk desk;

  HostsDoor(HostDesk desk) {
    this.desk = desk;
  }

  /** Answers where the path is one of its own; false where it is not. */
  boolean handle(Exchange exchange, JsonObject body) throws IOException {
    JsonObject answer;
    String said = body.string("name");
    String name = said == null ? "" : said;
    try {
      switch (exchange.method() + " " + exchange.rawPath()) {
        case "GET /ca" -> answer = desk.authority();
        case "GET /hosts" -> answer = JsonObject.EMPTY.with("hosts", desk.list());
        case "POST /hosts/invite" ->
            answer = desk.invite(name, text(body, "cluster"), texts(body.object("attributes")));
        case "POST /hosts/drain" -> answer = desk.drain(name, true);
        case "POST /hosts/activate" -> answer = desk.drain(name, false);
        case "POST /hosts/remove" -> answer = desk.remove(name);
        default -> {
          return false;
        }
      }
    } catch (HostRefusal | Fleet.Refused e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
    exchange.respond(
        200, List.of(new Header("Content-Type", "application/json")), Json.bytes(answer));
    return true;
  }

  private static String text(JsonObject body, String name) {
    String text = body.string(name);
    return text == null ? "" : text;
  }

  private static Map<String, String> texts(JsonObject body) {
    var texts = new TreeMap<String, String>();
    body.members().keySet().forEach(name -> texts.put(name, text(body, name)));
    return texts;
  }

  JsonArray list() {
    return desk.list();
  }

  JsonArray notes() {
    return JsonArray.ofStrings(desk.notes());
  }

  JsonValue addresses() {
    return new JsonArray(desk.authority().array("addresses"));
  }

  String fingerprint() {
    return String.valueOf(desk.authority().string("fingerprint"));
  }
}
