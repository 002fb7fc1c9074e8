// SPDX-License-Identifier: Apache-2.0
/** The command line: one class a subcommand, and the client of the admin socket. */
@NullMarked
package dev.holdfast.app.cli;

import org.jspecify.annotations.NullMarked;
