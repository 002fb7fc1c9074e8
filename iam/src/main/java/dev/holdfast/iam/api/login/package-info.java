// SPDX-License-Identifier: Apache-2.0
/** The operations on passwords. */
@NullMarked
package dev.holdfast.iam.api.login;

import org.jspecify.annotations.NullMarked;
