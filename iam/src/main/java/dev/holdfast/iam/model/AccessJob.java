// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;

/**
 * A question for what a user, group, role or policy was used for.
 *
 * @param id tells when it was asked, so that the oldest sort first
 * @param arn whose use is meant
 * @param uniqueId of what had that ARN then
 * @param byAction whether actions are told, or services alone
 */
public record AccessJob(String id, String arn, String uniqueId, boolean byAction, Instant made) {}
