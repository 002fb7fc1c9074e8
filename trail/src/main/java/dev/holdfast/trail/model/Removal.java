// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

import dev.holdfast.kit.AccountId;
import java.time.Instant;

/**
 * An account that was removed with its events.
 *
 * @param signature Ed25519 over all of it, in base64
 */
public record Removal(AccountId account, Instant at, String signature) {}
