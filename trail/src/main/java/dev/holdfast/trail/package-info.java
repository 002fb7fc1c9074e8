// SPDX-License-Identifier: Apache-2.0
/** The audit trail: CloudTrail records, their hash chain, and LookupEvents. */
@NullMarked
package dev.holdfast.trail;

import org.jspecify.annotations.NullMarked;
