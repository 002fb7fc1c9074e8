// SPDX-License-Identifier: Apache-2.0
/** What Systems Manager needs of others; bound by the assembly. */
@NullMarked
package dev.holdfast.ssm.port;

import org.jspecify.annotations.NullMarked;
