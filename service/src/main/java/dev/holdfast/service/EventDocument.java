// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.Unicode;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes CloudTrail's record of a call. Pure. CloudTrail's bounds hold: input and answer of over
 * 100 KB are left out, texts that a caller chooses are cut after 1 KB, so that a call that is
 * refused costs no more room than one that is let in.
 */
final class EventDocument {
  private static final int LARGEST = 100 * 1024;
  private static final int LONGEST = 1024;

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
                Unicode.cut(
                    call.via().isEmpty() ? call.origin().userAgent() : call.via().getLast(),
                    LONGEST))
            .with("requestParameters", bounded(what.parameters()))
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
    json.with("responseElements", response == null ? JsonNull.NULL : bounded(response));
    if (error != null) {
      json.with("errorCode", error.code()).with("errorMessage", Unicode.cut(error.text(), LONGEST));
    }
    return this;
  }

  /**
   * What CloudTrail has no member for.
   *
   * @param notes the guardrails' verdicts
   * @param granted resources by action, where the event's name and resources do not tell them
   */
  EventDocument with(List<String> notes, Map<String, Set<String>> granted) {
    JsonObject more = JsonObject.EMPTY;
    if (!notes.isEmpty()) {
      more = more.with("guardrails", JsonArray.ofStrings(notes));
    }
    if (!granted.isEmpty()) {
      more = more.with("granted", bounded(granted));
    }
    if (!more.members().isEmpty()) {
      json.with("additionalEventData", more);
    }
    return this;
  }

  JsonObject json() {
    return json.build();
  }

  /** Where all is too large, actions of more than their share are named without resources. */
  private static JsonObject bounded(Map<String, Set<String>> granted) {
    JsonObject whole = within(LARGEST, granted);
    return room(whole, LARGEST) >= 0 ? whole : within(LARGEST / granted.size(), granted);
  }

  private static JsonObject within(int share, Map<String, Set<String>> granted) {
    var actions = new JsonObject.Builder();
    granted.forEach(
        (action, resources) ->
            actions.with(action, bounded(JsonArray.ofStrings(resources), share)));
    return actions.build();
  }

  private static JsonValue bounded(JsonValue value) {
    return bounded(value, LARGEST);
  }

  private static JsonValue bounded(JsonValue value, int most) {
    return room(value, most) >= 0
        ? value
        : new JsonObject.Builder()
            .with("omitted", true)
            .with("reason", "larger than " + LARGEST / 1024 + " KB")
            .build();
  }

  /** What is left of so much room after a value is written; negative where there is too little. */
  private static long room(JsonValue value, long room) {
    long left = room - 2;
    switch (value) {
      case JsonObject(var members) -> {
        for (var member : members.entrySet()) {
          if (left < 0) {
            return left;
          }
          left = room(member.getValue(), left - member.getKey().length() - 3);
        }
      }
      case JsonArray(var items) -> {
        for (JsonValue item : items) {
          if (left < 0) {
            return left;
          }
          left = room(item, left - 1);
        }
      }
      case JsonString(var text) -> left -= text.length();
      case JsonNumber(var text) -> left -= text.length();
      case JsonBool _, JsonNull _ -> left -= 3;
    }
    return left;
  }

  static String username(Principal principal) {
    Principal.Session session = principal.session();
    String federated = principal.federatedName();
    if (federated != null) {
      return federated;
    }
    return switch (principal.identity().kind()) {
      case ROOT -> "root";
      case USER, WEB_IDENTITY -> principal.identity().name();
      case ROLE -> session == null ? principal.identity().name() : session.name();
    };
  }

  private static JsonObject identity(Call call) {
    Principal principal = call.principal();
    if (principal.identity().kind() == Principal.Kind.WEB_IDENTITY) {
      return new JsonObject.Builder()
          .with("type", "WebIdentityUser")
          .with("principalId", principal.userId())
          .with("userName", principal.identity().name())
          .with("identityProvider", principal.arn().toString())
          .build();
    }
    JsonObject.Builder json =
        new JsonObject.Builder()
            .with("type", type(principal))
            .with("principalId", principal.userId())
            .with("arn", principal.arn().toString())
            .with("accountId", principal.account().digits())
            .with("accessKeyId", principal.accessKeyId());
    if (principal.identity().kind() == Principal.Kind.USER && principal.federatedName() == null) {
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

  private static String type(Principal principal) {
    if (principal.federatedName() != null) {
      return "FederatedUser";
    }
    return switch (principal.identity().kind()) {
      case ROOT -> "Root";
      case USER -> "IAMUser";
      case ROLE -> "AssumedRole";
      case WEB_IDENTITY -> "WebIdentityUser";
    };
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
    boolean role = principal.identity().kind() == Principal.Kind.ROLE;
    if (role || principal.federatedName() != null) {
      context.with(
          "sessionIssuer",
          new JsonObject.Builder()
              .with(
                  "type",
                  role
                      ? "Role"
                      : principal.identity().kind() == Principal.Kind.USER ? "IAMUser" : "Root")
              .with("principalId", principal.identity().uniqueId())
              .with("arn", principal.identity().arn().toString())
              .with("accountId", principal.account().digits())
              .with("userName", principal.identity().name())
              .build());
    }
    List<String> provider = session.federation().get("aws:federatedprovider");
    if (provider != null) {
      context.with(
          "webIdFederationData",
          new JsonObject.Builder()
              .with("federatedProvider", provider.getFirst())
              .with("attributes", JsonObject.EMPTY)
              .build());
    }
    if (session.sourceIdentity() != null) {
      context.with("sourceIdentity", session.sourceIdentity());
    }
    return context.build();
  }
}
