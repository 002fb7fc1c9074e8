// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.issue;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a web identity token claims of whoever asked for it.
 *
 * @param id unique to the token
 * @param audience who is to take it
 * @param tags those of the request
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html">
 *     Understanding token claims</a>
 */
public record TokenClaims(
    String issuer,
    String id,
    List<String> audience,
    Principal principal,
    Region region,
    Map<String, String> tags) {
  /** Where all claims stand that are AWS's own. */
  private static final String OWN = "https://sts.amazonaws.com/";

  public byte[] json(Instant now, Duration lasting) {
    String subject = principal.identity().arn().toString();
    JsonValue whom =
        audience.size() == 1 ? new JsonString(audience.getFirst()) : JsonArray.ofStrings(audience);
    long issued = now.getEpochSecond();
    return Json.bytes(
        JsonObject.EMPTY
            .with("iss", issuer)
            .with("aud", whom)
            .with("sub", subject)
            .with("iat", JsonNumber.of(issued))
            .with("exp", JsonNumber.of(issued + lasting.toSeconds()))
            .with("jti", id)
            .with(OWN, own(subject)));
  }

  private JsonObject own(String subject) {
    JsonObject own =
        JsonObject.EMPTY
            .with("aws_account", principal.account().digits())
            .with("source_region", region.name())
            .with("principal_id", subject);
    own = tagged(own, "principal_tags", principal.tags());
    Principal.Session session = principal.session();
    if (session != null) {
      own = own.with("original_session_exp", session.expires().toString());
      String source = session.sourceIdentity();
      if (source != null) {
        own = own.with("source_identity", source);
      }
      List<String> provider = session.federation().getOrDefault("aws:federatedprovider", List.of());
      if (!provider.isEmpty()) {
        own = own.with("federated_provider", provider.getFirst());
      }
    }
    return tagged(own, "request_tags", tags);
  }

  private static JsonObject tagged(JsonObject object, String name, Map<String, String> tags) {
    if (tags.isEmpty()) {
      return object;
    }
    var all = new JsonObject.Builder();
    tags.forEach(all::with);
    return object.with(name, all.build());
  }
}
