// SPDX-License-Identifier: Apache-2.0
/** The operations of Parameter Store, one file each. */
@NullMarked
package dev.holdfast.ssm.api;

import org.jspecify.annotations.NullMarked;
