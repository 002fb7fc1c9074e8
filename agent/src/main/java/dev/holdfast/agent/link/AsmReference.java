// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.kit.Arn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A secret of Secrets Manager as a container asks for it.
 *
 * @param key of the JSON object that the value is, or null for the whole value
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html">Secrets
 *     Manager secrets as environment variables</a>
 */
record AsmReference(Version version, @Nullable String key) {

  /**
   * What is fetched once, however many keys of it are asked for.
   *
   * @param arn of the secret alone
   * @param stage a staging label, or null
   * @param id of the version, or null
   */
  record Version(String arn, @Nullable String stage, @Nullable String id) {}

  /** Reads {@code ARN} or {@code ARN:json-key:version-stage:version-id}. */
  static Optional<AsmReference> parse(String valueFrom) {
    Arn arn = Arn.parse(valueFrom).orElse(null);
    if (arn == null) {
      return Optional.empty();
    }
    String[] parts = arn.resource().split(":", -1);
    boolean suffixed = parts.length == 5;
    if (!parts[0].equals("secret") || (parts.length != 2 && !suffixed)) {
      return Optional.empty();
    }
    String alone =
        valueFrom.substring(0, valueFrom.length() - arn.resource().length()) + "secret:" + parts[1];
    return Optional.of(
        suffixed
            ? new AsmReference(
                new Version(alone, given(parts[3]), given(parts[4])), given(parts[2]))
            : new AsmReference(new Version(alone, null, null), null));
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }
}
