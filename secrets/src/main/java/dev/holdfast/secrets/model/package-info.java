// SPDX-License-Identifier: Apache-2.0
/** What Secrets Manager keeps. */
@NullMarked
package dev.holdfast.secrets.model;

import org.jspecify.annotations.NullMarked;
