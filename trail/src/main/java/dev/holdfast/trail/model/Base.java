// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

import java.time.Instant;

/**
 * The last block that retention dropped: the chain goes on behind it.
 *
 * @param newest the time of the newest event that went with these blocks
 * @param signature Ed25519 over all of it, in base64
 */
public record Base(long sequence, String hash, Instant newest, String signature) {}
