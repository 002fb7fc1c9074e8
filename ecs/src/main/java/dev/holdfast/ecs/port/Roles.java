// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import dev.holdfast.kit.Arn;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Roles and their sessions as ECS needs them; bound to IAM. */
public interface Roles {

  /**
   * A role.
   *
   * @param trustsTasks whether its trust policy lets {@code ecs-tasks.amazonaws.com} assume it
   */
  record Role(Arn arn, Map<String, String> tags, boolean trustsTasks) {}

  /**
   * A session that {@code ecs-tasks.amazonaws.com} opens for a task.
   *
   * @param name the role session name: the task's id
   * @param policy an inline session policy, or null
   */
  record Wanted(
      Arn role, String name, Map<String, String> tags, @Nullable String policy, Duration life) {}

  /** Credentials of a session. */
  record Session(
      String id, String accessKeyId, String secretAccessKey, String token, Instant expires) {
    @Override
    public String toString() {
      return "Session[" + id + "]";
    }
  }

  /**
   * The role, or empty where there is none of this ARN.
   *
   * @param source what the role would be assumed for ({@code aws:SourceArn})
   */
  Optional<Role> find(View view, Arn role, Arn source);

  /**
   * A session that counts from the commit on that keeps it.
   *
   * @param keep what that commit has to do
   */
  record Drawn(Session session, Consumer<Tx> keep) {}

  /**
   * Draws a session; empty where the role is gone or does not trust the service any more.
   *
   * @param source the task's ARN ({@code aws:SourceArn})
   */
  Optional<Drawn> draw(Wanted wanted, Arn source, Instant now);

  /** Ends sessions, so that their credentials work no more. */
  void end(Tx tx, Arn role, Collection<String> sessionIds, Instant now);
}
