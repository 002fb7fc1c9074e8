// SPDX-License-Identifier: Apache-2.0
/** Tests of the data channel. */
@NullMarked
package dev.holdfast.aws.session;

import org.jspecify.annotations.NullMarked;
