// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.Region;
import java.time.Instant;

/** A tag: a name of a repository that points to one of its images. */
public record ImageTag(Region region, String repository, String tag, Digest digest, Instant at) {}
