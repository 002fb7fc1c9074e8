// SPDX-License-Identifier: Apache-2.0
/** What the people of an account are told of a denial, without the operator's socket. */
@NullMarked
package dev.holdfast.app.cli.denials;

import org.jspecify.annotations.NullMarked;
