// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The explanation of a denial.
 *
 * @param id the authorization id that the caller was told
 * @param text for whoever operates the machine
 * @param account whose people may read {@code message}; null in rows of before
 * @param message what DecodeAuthorizationMessage answers, as JSON; null in rows of before
 */
public record KeptDenial(
    String id, String text, Instant at, @Nullable AccountId account, @Nullable String message) {}
