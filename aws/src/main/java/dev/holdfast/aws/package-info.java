// SPDX-License-Identifier: Apache-2.0
/** Shapes, schemas, codecs and errors of the AWS wire; used by both ends. */
@NullMarked
package dev.holdfast.aws;

import org.jspecify.annotations.NullMarked;
