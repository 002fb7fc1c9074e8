// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;

/**
 * What has been revoked: one session, or every session of a user or role that is older.
 *
 * @param of a session id, or the unique id of a user or role; under the platform an {@code
 *     aws:userid}, a temporary key, or a long-term key's lineage
 * @param notBefore sessions issued before are void
 * @param until when the last of them would have expired anyhow
 */
public record Revocation(String of, Instant notBefore, Instant until) {}
