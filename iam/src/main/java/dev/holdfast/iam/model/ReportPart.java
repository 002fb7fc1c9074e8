// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;

/**
 * A part of an account's credential report: some of its lines, so that no row is large.
 *
 * @param number from 0; the parts of a report are in one commit
 * @param made when the report was made
 * @param lines each with its end
 */
public record ReportPart(int number, Instant made, String lines) {}
