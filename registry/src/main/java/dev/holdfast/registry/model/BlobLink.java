// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import java.time.Instant;

/**
 * That a repository holds a blob. A repository serves the blobs linked to it and no others, so that
 * knowing a digest gives nobody the content.
 *
 * @param size in bytes
 */
public record BlobLink(Digest digest, long size, Instant at) {}
