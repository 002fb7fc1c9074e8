// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

/**
 * The end of the chain, signed.
 *
 * @param signature Ed25519 over {@code sequence:hash}, in base64
 */
public record Head(long sequence, String hash, String signature) {}
