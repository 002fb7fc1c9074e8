// SPDX-License-Identifier: Apache-2.0
/** A small signed client over the generated shapes: the agent's, the tests'. */
@NullMarked
package dev.holdfast.aws.client;

import org.jspecify.annotations.NullMarked;
