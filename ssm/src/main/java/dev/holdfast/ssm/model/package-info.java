// SPDX-License-Identifier: Apache-2.0
/** What Parameter Store keeps. */
@NullMarked
package dev.holdfast.ssm.model;

import org.jspecify.annotations.NullMarked;
