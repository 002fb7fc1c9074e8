// SPDX-License-Identifier: Apache-2.0
/** The commands of every day: what runs, what it uses, what happened. */
@NullMarked
package dev.holdfast.app.cli.daily;

import org.jspecify.annotations.NullMarked;
