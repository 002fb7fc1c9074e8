// SPDX-License-Identifier: Apache-2.0
/** The operations of Secrets Manager, one file each. */
@NullMarked
package dev.holdfast.secrets.api;

import org.jspecify.annotations.NullMarked;
