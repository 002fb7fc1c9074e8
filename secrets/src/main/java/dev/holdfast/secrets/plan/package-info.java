// SPDX-License-Identifier: Apache-2.0
/** The pure part of Secrets Manager: stages, filters, policies, passwords, the seal of a value. */
@NullMarked
package dev.holdfast.secrets.plan;

import org.jspecify.annotations.NullMarked;
