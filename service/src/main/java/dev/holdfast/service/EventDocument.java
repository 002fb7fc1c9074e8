// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes CloudTrail's record of a call. Pure. */
final class EventDocument {

  /** The call's name and input. */
  record What(String id, String source, String name, boolean readOnly, JsonObject parameters) {}

  private final JsonObject.Builder json;

  private EventDocument(JsonObject.Builder json) {
    this.json = json;
  }

  static EventDocument of(Call call, What what) {
    JsonObject.Builder json =
        new JsonObject.Builder()
            .with("eventVersion", "1.11")
            .with("userIdentity", identity(call))
            .with("eventTime", call.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .with("eventSource", what.source())
            .with("eventName", what.name())
            .with("awsRegion", call.region().name())
            .with(
                "sourceIPAddress",
                call.via().isEmpty() ? call.origin().sourceIp() : call.via().getLast())
            .with(
                "userAgent",
                call.via().isEmpty() ? call.origin().userAgent() : call.via().getLast())
            .with("requestParameters", what.parameters())
            .with("requestID", call.id().text())
            .with("eventID", what.id())
            .with("readOnly", what.readOnly())
            .with("eventType", "AwsApiCall")
            .with("managementEvent", true)
            .with("recipientAccountId", call.account().digits())
            .with("eventCategory", "Management");
    return new EventDocument(json);
  }

  EventDocument with(Collection<String> resources) {
    if (!resources.isEmpty()) {
      var items = new ArrayList<JsonValue>();
      resources.forEach(arn -> items.add(JsonObject.EMPTY.with("ARN", arn)));
      json.with("resources", new JsonArray(items));
    }
    return this;
  }

  EventDocument with(@Nullable JsonValue response, @Nullable ApiError error) {
    json.with("responseElements", response == null ? JsonNull.NULL : response);
    if (error != null) {
      json.with("errorCode", error.code()).with("errorMessage", error.text());
    }
    return this;
  }

  EventDocument with(List<String> notes) {
    if (!notes.isEmpty()) {
      json.with(
          "additionalEventData", JsonObject.EMPTY.with("guardrails", JsonArray.ofStrings(notes)));
    }
    return this;
  }

  JsonObject json() {
    return json.build();
  }

  static String username(Principal principal) {
    Principal.Session session = principal.session();
    return switch (principal.identity().kind()) {
      case ROOT -> "root";
      case USER -> principal.identity().name();
      case ROLE -> session == null ? principal.identity().name() : session.name();
    };
  }

  private static JsonObject identity(Call call) {
    Principal principal = call.principal();
    JsonObject.Builder json =
        new JsonObject.Builder()
            .with(
                "type",
                switch (principal.identity().kind()) {
                  case ROOT -> "Root";
                  case USER -> "IAMUser";
                  case ROLE -> "AssumedRole";
                })
            .with("principalId", principal.userId())
            .with("arn", principal.arn().toString())
            .with("accountId", principal.account().digits())
            .with("accessKeyId", principal.accessKeyId());
    if (principal.identity().kind() == Principal.Kind.USER) {
      json.with("userName", principal.identity().name());
    }
    Principal.Session session = principal.session();
    if (session != null) {
      json.with("sessionContext", session(principal, session));
    }
    if (!call.via().isEmpty()) {
      json.with("invokedBy", call.via().getLast());
    }
    return json.build();
  }

  private static JsonObject session(Principal principal, Principal.Session session) {
    JsonObject.Builder context =
        new JsonObject.Builder()
            .with(
                "attributes",
                new JsonObject.Builder()
                    .with(
                        "creationDate", session.issued().truncatedTo(ChronoUnit.SECONDS).toString())
                    .with("mfaAuthenticated", session.mfaAt() == null ? "false" : "true")
                    .build());
    if (principal.identity().kind() == Principal.Kind.ROLE) {
      context.with(
          "sessionIssuer",
          new JsonObject.Builder()
              .with("type", "Role")
              .with("principalId", principal.identity().uniqueId())
              .with("arn", principal.identity().arn().toString())
              .with("accountId", principal.account().digits())
              .with("userName", principal.identity().name())
              .build());
    }
    if (session.sourceIdentity() != null) {
      context.with("sourceIdentity", session.sourceIdentity());
    }
    return context.build();
  }
}
