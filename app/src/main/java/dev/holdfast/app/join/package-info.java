// SPDX-License-Identifier: Apache-2.0
/** Another machine's side: it joins a platform, proves itself, and keeps an agent running. */
@NullMarked
package dev.holdfast.app.join;

import org.jspecify.annotations.NullMarked;
