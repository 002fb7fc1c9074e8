// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;

/** When, where and for which service something was used last. */
public record LastUse(Instant at, String region, String service) {}
