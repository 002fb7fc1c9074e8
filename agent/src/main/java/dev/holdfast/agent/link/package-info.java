// SPDX-License-Identifier: Apache-2.0
/** The agent's side of the platform: its websockets, its reports, and what it fetches for tasks. */
@NullMarked
package dev.holdfast.agent.link;

import org.jspecify.annotations.NullMarked;
