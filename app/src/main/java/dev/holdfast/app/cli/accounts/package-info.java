// SPDX-License-Identifier: Apache-2.0
/** The commands about accounts. */
@NullMarked
package dev.holdfast.app.cli.accounts;

import org.jspecify.annotations.NullMarked;
