// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A question with all that bears on it, as text. */
public record LiteralCase(Documents documents, Asked asked) {

  /** The documents of each layer, as they were saved. */
  public record Documents(
      List<String> identity,
      @Nullable String boundary,
      @Nullable List<String> session,
      @Nullable String resource,
      Gate gate,
      List<List<String>> serviceControl,
      List<List<String>> resourceControl) {
    Documents withIdentity(List<String> changed) {
      return new Documents(
          changed, boundary, session, resource, gate, serviceControl, resourceControl);
    }

    Documents withBoundary(@Nullable String changed) {
      return new Documents(
          identity, changed, session, resource, gate, serviceControl, resourceControl);
    }

    Documents withSession(@Nullable List<String> changed) {
      return new Documents(
          identity, boundary, changed, resource, gate, serviceControl, resourceControl);
    }

    Documents withResource(@Nullable String changed) {
      return new Documents(
          identity, boundary, session, changed, gate, serviceControl, resourceControl);
    }

    Documents withServiceControl(List<List<String>> changed) {
      return new Documents(identity, boundary, session, resource, gate, changed, resourceControl);
    }

    Documents withResourceControl(List<List<String>> changed) {
      return new Documents(identity, boundary, session, resource, gate, serviceControl, changed);
    }
  }

  /** Who asks for what. */
  public record Asked(
      Caller caller, String action, String resource, String owner, Map<String, List<String>> keys) {
    Request request() {
      return new Request(caller, action, resource, owner, Context.of(keys));
    }
  }

  /** The case as JSON, to be read by people and put into a textbook. */
  String json() {
    Caller caller = asked.caller();
    JsonObject who =
        JsonObject.EMPTY
            .with("kind", caller.kind().name())
            .with("account", caller.account())
            .with("arn", caller.arn())
            .with("uniqueId", caller.uniqueId());
    String issuer = caller.issuerArn();
    if (issuer != null) {
      who = who.with("issuerArn", issuer);
    }
    var keys = new JsonObject.Builder();
    asked.keys().forEach((key, values) -> keys.with(key, JsonArray.ofStrings(values)));
    JsonObject json =
        JsonObject.EMPTY
            .with("caller", who)
            .with("action", asked.action())
            .with("resource", asked.resource())
            .with("owner", asked.owner())
            .with("context", keys.build())
            .with("identity", array(documents.identity()));
    String boundary = documents.boundary();
    if (boundary != null) {
      json = json.with("boundary", tree(boundary));
    }
    List<String> session = documents.session();
    if (session != null) {
      json = json.with("session", array(session));
    }
    String resource = documents.resource();
    if (resource != null) {
      json = json.with("resourcePolicy", tree(resource));
    }
    json =
        json.with("gate", documents.gate().name())
            .with("serviceControl", levels(documents.serviceControl()))
            .with("resourceControl", levels(documents.resourceControl()));
    return Json.text(json);
  }

  private static JsonValue levels(List<List<String>> levels) {
    return new JsonArray(levels.stream().map(LiteralCase::array).toList());
  }

  private static JsonValue array(List<String> documents) {
    var trees = new ArrayList<JsonValue>();
    documents.forEach(document -> trees.add(tree(document)));
    return new JsonArray(trees);
  }

  private static JsonValue tree(String document) {
    try {
      return Json.parse(document);
    } catch (Json.MalformedJson _) {
      return JsonValue.of(document);
    }
  }
}
