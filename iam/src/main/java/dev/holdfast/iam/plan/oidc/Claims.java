// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.iam.plan.oidc.TokenFault.Kind;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonBool;
import dev.holdfast.kit.JsonValue.JsonNull;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a token says of somebody, once its signature is proved.
 *
 * @param subject who it is, to the issuer
 * @param audience the client that it is for: {@code azp} where there is one, else the one of {@code
 *     aud} that the provider knows
 * @param keys the condition keys that tell it, under the issuer's name
 * @param further such keys of what AWS knows this issuer to say beside that: they are there when
 *     the role is asked for, and not in its session
 * @param tags session tags, from the claim {@code https://aws.amazon.com/tags}
 * @param transitive the keys of those that the next role inherits
 * @param sourceIdentity from the claim {@code https://aws.amazon.com/source_identity}
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp">Session
 *     tags in tokens</a>
 */
public record Claims(
    String subject,
    String audience,
    Map<String, List<String>> keys,
    Map<String, List<String>> further,
    Map<String, String> tags,
    List<String> transitive,
    @Nullable String sourceIdentity) {

  /** A clock may be so many seconds behind the issuer's. */
  public static final int SKEW = 60;

  private static final String TAGS = "https://aws.amazon.com/tags";
  private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");
  private static final Pattern SOURCE = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final int LONGEST = 255;
  private static final int MOST = 100;

  /** Of a further claim: a workflow's path with its branch is long. */
  private static final int LONGEST_FURTHER = 1024;

  public Claims {
    keys = Map.copyOf(keys);
    further = Map.copyOf(further);
    tags = Map.copyOf(tags);
    transitive = List.copyOf(transitive);
  }

  /**
   * Reads the claims of a token that its issuer signed.
   *
   * @throws TokenFault where they are not for this provider, not now, or not to be read
   */
  public static Claims of(Jwt token, OidcProvider provider, Instant now) {
    JsonObject claims = token.claims();
    if (!token.issuer().equals(provider.issuer())) {
      throw invalid("Incorrect token issuer");
    }
    requireTime(claims, now);
    String subject = required(claims, "sub");
    List<String> audiences = audiences(claims);
    String party = claims.get("azp") == null ? null : required(claims, "azp");
    String audience = audience(provider, audiences, party);
    return new Claims(
        subject,
        audience,
        keys(provider, claims, audience, party == null ? null : audiences),
        further(provider.site(), claims),
        tags(claims.get(TAGS)),
        transitive(claims.get(TAGS)),
        source(claims.get(SOURCE_IDENTITY)));
  }

  private static TokenFault invalid(String text) {
    return TokenFault.of(Kind.INVALID, "%s", text);
  }

  private static TokenFault rejected(String text) {
    return TokenFault.of(Kind.CLAIM, "%s", text);
  }

  private static void requireTime(JsonObject claims, Instant now) {
    BigDecimal at = BigDecimal.valueOf(now.getEpochSecond());
    BigDecimal ends = time(claims, "exp");
    BigDecimal begins = time(claims, "nbf");
    BigDecimal issued = time(claims, "iat");
    if (ends == null) {
      throw invalid("Missing a required claim: exp");
    }
    if (issued == null) {
      throw invalid("Missing a required claim: iat");
    }
    if (at.compareTo(ends) >= 0) {
      throw TokenFault.of(
          Kind.EXPIRED,
          "Token expired: current date/time %s must be before the expiration date/time %s",
          at.toPlainString(),
          ends.toPlainString());
    }
    BigDecimal soon = at.add(BigDecimal.valueOf(SKEW));
    if (issued.compareTo(soon) > 0 || (begins != null && begins.compareTo(soon) > 0)) {
      throw invalid("The token is not valid yet.");
    }
  }

  private static @Nullable BigDecimal time(JsonObject claims, String name) {
    JsonValue value = claims.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonNumber(String text) && NUMBER.matcher(text).matches()) {
      return new BigDecimal(text);
    }
    throw invalid("The claim " + name + " is no time.");
  }

  private static String required(JsonObject claims, String name) {
    JsonValue value = claims.get(name);
    if (value == null) {
      throw invalid("Missing a required claim: " + name);
    }
    return text(value, name);
  }

  /** A text that may be compared and shown: printable, not blank, not long. */
  private static String text(JsonValue value, String name) {
    if (value instanceof JsonString(String text) && isPrintable(text)) {
      return text;
    }
    throw invalid("The claim " + name + " cannot be read.");
  }

  private static boolean isPrintable(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST
        && text.chars().noneMatch(Character::isISOControl);
  }

  private static List<String> audiences(JsonObject claims) {
    JsonValue value = claims.get("aud");
    if (value == null) {
      throw invalid("Missing a required claim: aud");
    }
    List<String> all = texts(value, "aud");
    if (all.isEmpty()) {
      throw invalid("Incorrect token audience");
    }
    return all;
  }

  private static List<String> texts(JsonValue value, String name) {
    if (!(value instanceof JsonArray(List<JsonValue> items))) {
      return List.of(text(value, name));
    }
    if (items.size() > MOST) {
      throw invalid("The claim " + name + " cannot be read.");
    }
    var texts = new ArrayList<String>();
    items.forEach(item -> texts.add(text(item, name)));
    return texts;
  }

  private static String audience(
      OidcProvider provider, List<String> audiences, @Nullable String party) {
    for (String candidate : party == null ? audiences : List.of(party)) {
      if (provider.clientIds().contains(candidate)) {
        return candidate;
      }
    }
    throw invalid("Incorrect token audience");
  }

  private static Map<String, List<String>> keys(
      OidcProvider provider, JsonObject claims, String audience, @Nullable List<String> original) {
    String prefix = provider.site() + ":";
    var keys = new LinkedHashMap<String, List<String>>();
    keys.put(prefix + "sub", List.of(required(claims, "sub")));
    keys.put(prefix + "aud", List.of(audience));
    if (original != null) {
      keys.put(prefix + "azp", List.of(audience));
      keys.put(prefix + "oaud", original);
    }
    JsonValue methods = claims.get("amr");
    if (methods != null) {
      keys.put(prefix + "amr", texts(methods, "amr"));
    }
    return keys;
  }

  private static Map<String, List<String>> further(String site, JsonObject claims) {
    var keys = new LinkedHashMap<String, List<String>>();
    for (String name : KnownClaims.of(site)) {
      JsonValue value = claims.get(name);
      if (value != null && !(value instanceof JsonNull)) {
        keys.put(site + ":" + name, List.of(plain(value, name)));
      }
    }
    return keys;
  }

  /** A text, a number or a truth as text: what cannot be read is no way around a Deny. */
  private static String plain(JsonValue value, String name) {
    String text =
        switch (value) {
          case JsonString(String given) -> given;
          case JsonNumber(String given) -> given;
          case JsonBool(boolean given) -> Boolean.toString(given);
          case JsonObject _, JsonArray _, JsonNull _ -> "\0";
        };
    if (text.length() > LONGEST_FURTHER || text.chars().anyMatch(Character::isISOControl)) {
      throw invalid("The claim " + name + " cannot be read.");
    }
    return text;
  }

  private static Map<String, String> tags(@Nullable JsonValue claim) {
    var tags = new LinkedHashMap<String, String>();
    if (claim == null) {
      return tags;
    }
    if (!(claim instanceof JsonObject object)
        || !(object.get("principal_tags") instanceof JsonObject(Map<String, JsonValue> given))) {
      throw rejected("The claim " + TAGS + " has no principal_tags.");
    }
    given.forEach(
        (key, value) -> {
          if (tags.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
            throw rejected(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
          }
          if (value instanceof JsonArray(List<JsonValue> items)
              && items.size() == 1
              && items.getFirst() instanceof JsonString(String text)) {
            tags.put(key, text);
          } else {
            throw rejected("Each of the principal_tags has a list of one text.");
          }
        });
    return tags;
  }

  private static List<String> transitive(@Nullable JsonValue claim) {
    JsonValue given = claim instanceof JsonObject object ? object.get("transitive_tag_keys") : null;
    if (given == null) {
      return List.of();
    }
    var keys = new ArrayList<String>();
    if (given instanceof JsonArray(List<JsonValue> items)) {
      for (JsonValue item : items) {
        if (item instanceof JsonString(String key)) {
          keys.add(key);
        } else {
          throw rejected("The transitive_tag_keys are texts.");
        }
      }
      return keys;
    }
    throw rejected("The transitive_tag_keys are a list.");
  }

  private static @Nullable String source(@Nullable JsonValue claim) {
    if (claim == null) {
      return null;
    }
    if (claim instanceof JsonString(String text) && SOURCE.matcher(text).matches()) {
      return text;
    }
    throw rejected("The claim " + SOURCE_IDENTITY + " is no source identity.");
  }
}
