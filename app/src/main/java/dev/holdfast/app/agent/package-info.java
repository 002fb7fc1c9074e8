// SPDX-License-Identifier: Apache-2.0
/** The agent's process beside this one, and the machine that it works on. */
@NullMarked
package dev.holdfast.app.agent;

import org.jspecify.annotations.NullMarked;
