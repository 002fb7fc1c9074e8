// SPDX-License-Identifier: Apache-2.0
/**
 * Generated shapes, the AWS codecs, Signature Version 4, and the ECS agent's messages; used by both
 * ends of the wire.
 */
@NullMarked
package dev.holdfast.aws;

import org.jspecify.annotations.NullMarked;
