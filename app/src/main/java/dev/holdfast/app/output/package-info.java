// SPDX-License-Identifier: Apache-2.0
/** What tasks wrote, put together from the containers here and from log streams. */
@NullMarked
package dev.holdfast.app.output;

import org.jspecify.annotations.NullMarked;
