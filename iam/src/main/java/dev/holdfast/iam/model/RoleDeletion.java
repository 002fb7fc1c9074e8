// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;
import java.util.List;

/**
 * What became of the wish to delete a service-linked role.
 *
 * @param task {@code task/aws-service-role/SERVICE/ROLE/UUID}
 * @param inUse the resources for which the service needs the role; empty where it was deleted
 */
public record RoleDeletion(String task, Instant at, List<String> inUse) {
  /** How many an account remembers. */
  public static final int MOST = 100;

  public RoleDeletion {
    inUse = List.copyOf(inUse);
  }
}
