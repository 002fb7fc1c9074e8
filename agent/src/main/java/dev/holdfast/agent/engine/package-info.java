// SPDX-License-Identifier: Apache-2.0
/** A typed client of the Docker Engine API, versions 1.41 and later. */
@NullMarked
package dev.holdfast.agent.engine;

import org.jspecify.annotations.NullMarked;
