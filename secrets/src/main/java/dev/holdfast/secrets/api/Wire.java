// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.secretsmanager.SecretListEntry;
import dev.holdfast.aws.secretsmanager.SecretVersionsListEntry;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.Tag;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.secrets.model.SecretName;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.service.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State as Secrets Manager shows it, and the errors that several operations share. */
final class Wire {
  private static final int MOST_BYTES = 65_536;

  private Wire() {}

  static Map<String, String> tags(List<Tag> tags) {
    var map = new LinkedHashMap<String, String>();
    for (Tag tag : tags) {
      String key = tag.key();
      if (key == null) {
        throw SecretsManagerError.INVALID_PARAMETER.because("each tag needs a `Key`");
      }
      map.put(key, tag.value() == null ? "" : tag.value());
    }
    return map;
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream().map(t -> new Tag(t.getKey(), t.getValue())).toList();
  }

  /** Refuses tags that no resource may have. */
  static void requireTags(Map<String, String> given) {
    Tags.fault(given)
        .ifPresent(
            fault -> {
              throw SecretsManagerError.INVALID_PARAMETER.because("%s", fault);
            });
  }

  static ApiError tooManyTags() {
    return SecretsManagerError.INVALID_PARAMETER.because("a secret has at most %d tags", Tags.MAX);
  }

  /** The versions that have labels, with these. */
  static Map<String, List<String>> stages(StoredSecret secret) {
    var stages = new LinkedHashMap<String, List<String>>();
    for (SecretVersion version : secret.versions()) {
      if (!version.stages().isEmpty()) {
        stages.put(version.id(), version.stages());
      }
    }
    return stages;
  }

  static SecretListEntry entry(StoredSecret secret, Map<String, String> tags) {
    return SecretListEntry.builder()
        .arn(secret.arn().toString())
        .name(secret.name())
        .description(secret.description())
        .kmsKeyId(secret.keyId())
        .lastChangedDate(secret.changed())
        .lastAccessedDate(secret.accessed())
        .deletedDate(secret.deletion() == null ? null : secret.deletion().asked())
        .tags(tags(tags))
        .secretVersionsToStages(stages(secret))
        .createdDate(secret.created())
        .build();
  }

  static SecretVersionsListEntry version(SecretVersion version) {
    String key = version.keyId();
    return SecretVersionsListEntry.builder()
        .versionId(version.id())
        .versionStages(version.stages())
        .lastAccessedDate(version.accessed())
        .createdDate(version.created())
        .kmsKeyIds(List.of(key == null ? "DefaultEncryptionKey" : key))
        .build();
  }

  /** The value that a request gives, or null where it gives none. */
  static @Nullable Plain plain(@Nullable String text, byte @Nullable [] binary) {
    if (text != null && binary != null) {
      throw SecretsManagerError.INVALID_PARAMETER.because(
          "You can't specify both a binary secret value and a string secret value in the same"
              + " secret.");
    }
    if (binary != null) {
      return new Plain(binary, true);
    }
    if (text == null) {
      return null;
    }
    Plain plain = Plain.of(text);
    if (plain.bytes().length > MOST_BYTES) {
      throw SecretsManagerError.INVALID_PARAMETER.because(
          "the secret value has more than %d bytes as UTF-8", MOST_BYTES);
    }
    return plain;
  }

  static void requireName(String name) {
    if (!SecretName.wellFormed(name)) {
      throw invalidName();
    }
  }

  static ApiError invalidName() {
    return CommonError.VALIDATION
        .in(Protocol.JSON)
        .because(
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the"
                + " following: -/_+=.@!");
  }

  static ApiError missing() {
    return SecretsManagerError.RESOURCE_NOT_FOUND.because(
        "Secrets Manager can't find the specified secret.");
  }

  static ApiError invalidToken() {
    return SecretsManagerError.INVALID_NEXT_TOKEN.because("the token is not one of this listing");
  }

  static ApiError notServed(String member, String what) {
    return SecretsManagerError.INVALID_PARAMETER.because(
        "%s is not served yet: leave `%s` out", what, member);
  }

  /** A resource policy that may be saved. */
  static PolicyDocument policy(String text) {
    try {
      return PolicyDocument.admit(text, PolicyDocument.Kind.RESOURCE);
    } catch (MalformedPolicy e) {
      throw SecretsManagerError.MALFORMED_POLICY_DOCUMENT.because(
          "%s", (e.getMessage() + " " + e.detail()).strip());
    }
  }
}
