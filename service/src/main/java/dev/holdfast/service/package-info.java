// SPDX-License-Identifier: Apache-2.0
/** The vocabulary every service shares: operations, calls, access, guardrails, audit records. */
@NullMarked
package dev.holdfast.service;

import org.jspecify.annotations.NullMarked;
