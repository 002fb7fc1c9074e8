// SPDX-License-Identifier: Apache-2.0
/** The commands about other machines, and where a platform listens for them. */
@NullMarked
package dev.holdfast.app.cli.hosts;

import org.jspecify.annotations.NullMarked;
