// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The managed policies that AWS itself publishes and that are served here, by ARN.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html">
 *     AWS managed policies</a>
 */
public final class AwsPolicies {
  private static final String PREFIX = "arn:aws:iam::aws:policy";

  /** Everything on everything. */
  public static final String ADMINISTRATOR = PREFIX + "/AdministratorAccess";

  private static final Map<String, ManagedPolicy> BY_ARN = load();

  private AwsPolicies() {}

  public static boolean isAws(String arn) {
    return arn.startsWith(PREFIX + "/");
  }

  /** Whether it is for a service-linked role alone. */
  public static boolean isOfService(String arn) {
    return arn.startsWith(PREFIX + LinkedService.PATH);
  }

  public static Optional<ManagedPolicy> find(String arn) {
    return Optional.ofNullable(BY_ARN.get(arn));
  }

  public static Collection<ManagedPolicy> all() {
    return BY_ARN.values();
  }

  public static String arn(ManagedPolicy policy) {
    return PREFIX + policy.path() + policy.name();
  }

  private static Map<String, ManagedPolicy> load() {
    try (InputStream in = AwsPolicies.class.getResourceAsStream("aws-managed-policies.json")) {
      if (in == null) {
        throw new IllegalStateException("aws-managed-policies.json is missing from the build");
      }
      var policies = new TreeMap<String, ManagedPolicy>();
      for (var item : ((JsonArray) Json.parse(in.readAllBytes())).items()) {
        ManagedPolicy policy = read((JsonObject) item);
        policies.put(arn(policy), policy);
      }
      return Collections.unmodifiableMap(policies);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ManagedPolicy read(JsonObject item) {
    String name = text(item, "name");
    Instant created = Instant.parse(text(item, "created"));
    String document = Json.text(item.object("document"));
    String id = "ANPA" + Hashes.sha256Hex(name).substring(0, 17).toUpperCase(Locale.ROOT);
    return ManagedPolicy.first(
        name, text(item, "path"), id, created, text(item, "description"), document);
  }

  private static String text(JsonObject item, String member) {
    return Objects.requireNonNull(item.string(member));
  }
}
