// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

/**
 * A manifest's exact bytes, at most 4 MiB. They live in the state beside their {@link Image}, so
 * that an image and its manifest come and go in one commit.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Manifest(byte[] bytes) {}
