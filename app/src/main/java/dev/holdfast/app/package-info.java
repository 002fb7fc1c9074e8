// SPDX-License-Identifier: Apache-2.0
/** The program: subcommands, configuration, wiring and life cycle. */
@NullMarked
package dev.holdfast.app;

import org.jspecify.annotations.NullMarked;
