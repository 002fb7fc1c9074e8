// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The role sessions of live tasks: in memory only, sent again by the platform after a restart. */
public final class TaskCredentials {
  /** How long an agent that starts anew waits for a session that a task needs. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final Map<String, RoleCredentials> application = new ConcurrentHashMap<>();
  private final Map<String, RoleCredentials> execution = new ConcurrentHashMap<>();
  private final Map<String, RoleCredentials> logs = new ConcurrentHashMap<>();

  /** Takes the sessions that came with a task. */
  public void put(PayloadTask task) {
    RoleCredentials role = task.roleCredentials();
    if (role != null) {
      application.put(task.arn(), role);
    }
    RoleCredentials executionRole = task.executionRoleCredentials();
    if (executionRole != null) {
      execution.put(task.arn(), executionRole);
    }
  }

  /** Takes a renewed session; false where the role type is unknown. */
  public boolean renew(String taskArn, String roleType, RoleCredentials credentials) {
    switch (roleType) {
      case "TaskApplication" -> application.put(taskArn, credentials);
      case "TaskExecution" -> execution.put(taskArn, credentials);
      case "TaskLogs" -> logs.put(taskArn, credentials);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The session of the task's own role, or null. */
  public @Nullable RoleCredentials application(String taskArn) {
    return application.get(taskArn);
  }

  /** The session of the task's execution role, or null. */
  public @Nullable RoleCredentials execution(String taskArn) {
    return execution.get(taskArn);
  }

  /**
   * As {@link #execution}; where there is none it waits for one a while. One that came with the
   * task and is not there any more is over; none came with a task on file, which an agent that
   * starts anew is sent once more.
   */
  @Nullable RoleCredentials awaitExecution(PayloadTask task) {
    Duration patience = task.executionRoleCredentials() == null ? PATIENCE : Duration.ZERO;
    long end = System.nanoTime() + patience.toNanos();
    RoleCredentials role = execution(task.arn());
    while (role == null && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      role = execution(task.arn());
    }
    return role;
  }

  /** The session of the execution role that takes output to the task's log streams, or null. */
  public @Nullable RoleCredentials logs(String taskArn) {
    return logs.get(taskArn);
  }

  /** Forgets all sessions of a task of which nothing is left. */
  public void end(String taskArn) {
    forget(taskArn);
    logs.remove(taskArn);
  }

  /** Forgets a task's sessions; its last words still get to their log stream. */
  public void forget(String taskArn) {
    application.remove(taskArn);
    execution.remove(taskArn);
  }
}
