// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;

/**
 * The explanation of a denial, for whoever operates the machine.
 *
 * @param id the authorization id that the caller was told
 */
public record KeptDenial(String id, String text, Instant at) {}
