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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

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

  private static final Map<String, Published> PUBLISHED = load();

  /** Those that somebody asked for: a few documents are large, and most are never asked for. */
  private static final Map<String, ManagedPolicy> READ = new ConcurrentHashMap<>();

  private AwsPolicies() {}

  public static boolean isAws(String arn) {
    return arn.startsWith(PREFIX + "/");
  }

  /** Whether it is for a service-linked role alone. */
  public static boolean isOfService(String arn) {
    return arn.startsWith(PREFIX + LinkedService.PATH);
  }

  public static Optional<ManagedPolicy> find(String arn) {
    Published published = PUBLISHED.get(arn);
    return published == null
        ? Optional.empty()
        : Optional.of(READ.computeIfAbsent(arn, _ -> published.read()));
  }

  /** All of them, by ARN. */
  public static List<ManagedPolicy> all() {
    return PUBLISHED.keySet().stream().flatMap(arn -> find(arn).stream()).toList();
  }

  public static String arn(ManagedPolicy policy) {
    return arn(policy.path(), policy.name());
  }

  private static String arn(String path, String name) {
    return PREFIX + path + name;
  }

  private static Map<String, Published> load() {
    var policies = new TreeMap<String, Published>();
    for (var item : ((JsonArray) Json.parse(resource("aws-managed-policies.json"))).items()) {
      Published policy = Published.of((JsonObject) item);
      policies.put(arn(policy.path(), policy.name()), policy);
    }
    return Collections.unmodifiableMap(policies);
  }

  private static byte[] resource(String name) {
    try (InputStream in = AwsPolicies.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the build");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What AWS says of a policy; its document is in a file of the policy's name.
   *
   * @param version the one in force, and the only one that is here
   */
  private record Published(
      String name, String path, Instant created, String description, int version) {

    static Published of(JsonObject item) {
      return new Published(
          text(item, "name"),
          text(item, "path"),
          Instant.parse(text(item, "created")),
          text(item, "description"),
          Math.toIntExact(Objects.requireNonNull(item.integer("version"))));
    }

    private static String text(JsonObject item, String member) {
      return Objects.requireNonNull(item.string(member));
    }

    ManagedPolicy read() {
      String document = Json.text(Json.parse(resource("aws-managed/" + name + ".json")));
      String id = "ANPA" + Hashes.sha256Hex(name).substring(0, 17).toUpperCase(Locale.ROOT);
      var inForce = new ManagedPolicy.Version("v" + version, document, created);
      return new ManagedPolicy(
          name, path, id, created, description, List.of(inForce), inForce.id(), version + 1);
    }
  }
}
