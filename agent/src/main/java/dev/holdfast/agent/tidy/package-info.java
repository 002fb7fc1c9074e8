// SPDX-License-Identifier: Apache-2.0
/** What the agent removes from its host: what it brought there, and nobody uses any more. */
@NullMarked
package dev.holdfast.agent.tidy;

import org.jspecify.annotations.NullMarked;
