// SPDX-License-Identifier: Apache-2.0
/** What the host allows, and the network of each task on it. */
@NullMarked
package dev.holdfast.agent.host;

import org.jspecify.annotations.NullMarked;
