// SPDX-License-Identifier: Apache-2.0
/** What IAM does with state: directory, sessions, authentication, the guard. */
@NullMarked
package dev.holdfast.iam.control;

import org.jspecify.annotations.NullMarked;
