// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/**
 * The session of a task role or execution role. {@code credentialsId} is the bearer secret of the
 * credentials endpoint, the same for every renewal; {@code expiration} is ISO-8601 UTC.
 */
public record RoleCredentials(
    String credentialsId,
    @Nullable String roleArn,
    String accessKeyId,
    String secretAccessKey,
    @Nullable String sessionToken,
    @Nullable String expiration) {
  public RoleCredentials {
    credentialsId = Required.member(credentialsId, "credentialsId");
    accessKeyId = Required.member(accessKeyId, "accessKeyId");
    secretAccessKey = Required.member(secretAccessKey, "secretAccessKey");
  }

  @Override
  public String toString() {
    return "RoleCredentials[***]";
  }
}
