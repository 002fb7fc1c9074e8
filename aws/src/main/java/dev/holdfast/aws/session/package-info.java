// SPDX-License-Identifier: Apache-2.0
/** The data channel of Session Manager, as its plugin speaks it. */
@NullMarked
package dev.holdfast.aws.session;

import org.jspecify.annotations.NullMarked;
