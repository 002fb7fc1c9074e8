// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

/** How a service speaks. */
public enum Protocol {
  /** awsJson 1.1: {@code X-Amz-Target} names the operation, JSON both ways. */
  JSON,
  /** awsQuery: a form with {@code Action}, answered in XML. */
  QUERY
}
