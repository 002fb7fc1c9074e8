// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.ValueFrom;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Draws the sessions of tasks. That of an execution role is narrowed to the images and parameters
 * of its task; both carry the task's environment.
 */
record TaskSessions(Roles roles, Images images) {
  /** Marks a session as a task's, for the environment-leak guard; the value is the task's ARN. */
  static final String TASK_TAG = "holdfast:task";

  static final Duration LIFE = Duration.ofHours(6);

  /** What was drawn. */
  sealed interface Outcome {
    /**
     * The credentials for the agent, and what to remember of them.
     *
     * @param keep in the commit that tells of them: from then on they count
     */
    record Drawn(
        Payloads.Sessions credentials, List<Task.IssuedSession> issued, List<Consumer<Tx>> keep)
        implements Outcome {
      void keep(Tx tx) {
        keep.forEach(one -> one.accept(tx));
      }
    }

    /** A role that cannot be assumed any more. */
    record Refused(String role) implements Outcome {}
  }

  /** One session, as {@link Outcome.Drawn}. */
  record One(RoleCredentials credentials, Task.IssuedSession issued, Consumer<Tx> keep) {}

  /**
   * Draws a session for each role of the task.
   *
   * @param more what the execution role's may do beside pulling and reading. Such a one lasts until
   *     the task has ended, not until it is told to: what a container writes last is still to be
   *     taken to its stream. No container ever has it.
   */
  Outcome draw(Task task, List<JsonValue> more, Instant now) {
    Task.Credentials wanted = task.credentials();
    One forTask = null;
    One forExecution = null;
    if (wanted.taskRoleArn() != null && wanted.taskCredentialsId() != null) {
      forTask = draw(task, wanted.taskRoleArn(), wanted.taskCredentialsId(), null, now);
      if (forTask == null) {
        return new Outcome.Refused(wanted.taskRoleArn());
      }
    }
    if (wanted.executionRoleArn() != null && wanted.executionCredentialsId() != null) {
      forExecution =
          draw(
              task,
              wanted.executionRoleArn(),
              wanted.executionCredentialsId(),
              narrowed(task, more),
              now);
      if (forExecution == null) {
        return new Outcome.Refused(wanted.executionRoleArn());
      }
    }
    return together(forTask, forExecution, !more.isEmpty());
  }

  private static Outcome.Drawn together(
      @Nullable One forTask, @Nullable One forExecution, boolean lasting) {
    var issued = new ArrayList<Task.IssuedSession>();
    var keep = new ArrayList<Consumer<Tx>>();
    if (forTask != null) {
      issued.add(forTask.issued());
      keep.add(forTask.keep());
    }
    if (forExecution != null) {
      issued.add(forExecution.issued().lasting(lasting));
      keep.add(forExecution.keep());
    }
    var credentials =
        new Payloads.Sessions(
            forTask == null ? null : forTask.credentials(),
            forExecution == null ? null : forExecution.credentials());
    return new Outcome.Drawn(credentials, issued, keep);
  }

  /**
   * Draws a session of the execution role that may write to the log streams of a task and nothing
   * else. It is not ended with the task: what a container writes last is still to be taken to its
   * stream. No container ever has it.
   *
   * @return null where no container has the driver {@code awslogs}, or there is no such role
   */
  @Nullable One drawLogs(Task task, TaskSpec spec, Instant now) {
    Task.Credentials wanted = task.credentials();
    List<JsonValue> statements = LogRights.of(task, spec);
    if (statements.isEmpty()
        || wanted.executionRoleArn() == null
        || wanted.executionCredentialsId() == null) {
      return null;
    }
    return draw(
        task,
        wanted.executionRoleArn(),
        wanted.executionCredentialsId(),
        document(statements),
        now);
  }

  private static String document(List<JsonValue> statements) {
    return Json.text(
        JsonObject.EMPTY
            .with("Version", "2012-10-17")
            .with("Statement", new JsonArray(statements)));
  }

  private @Nullable One draw(
      Task task, String role, String credentialsId, @Nullable String policy, Instant now) {
    String environment = task.environment().name();
    String self = task.key().arn().toString();
    Map<String, String> tags =
        environment == null
            ? Map.of(TASK_TAG, self)
            : Map.of(TASK_TAG, self, Principal.ENVIRONMENT, environment);
    Arn arn = Arn.parse(role).orElseThrow();
    return roles
        .draw(new Roles.Wanted(arn, task.key().id(), tags, policy, LIFE), task.key().arn(), now)
        .map(drawn -> one(drawn, role, credentialsId))
        .orElse(null);
  }

  private static One one(Roles.Drawn drawn, String role, String credentialsId) {
    Roles.Session session = drawn.session();
    return new One(
        new RoleCredentials(
            credentialsId,
            role,
            session.accessKeyId(),
            session.secretAccessKey(),
            session.token(),
            session.expires().toString()),
        new Task.IssuedSession(session.id(), role, session.expires(), false),
        drawn.keep());
  }

  /** The session policy of an execution role. */
  String narrowed(Task task, List<JsonValue> more) {
    var repositories = new TreeSet<String>();
    task.containers()
        .forEach(
            c -> {
              if (images.parse(c.image(), task.key().account(), task.key().region())
                  instanceof ImageReference.Own own) {
                repositories.add(
                    Arn.of("ecr", own.region(), own.account(), "repository/" + own.repository())
                        .toString());
              }
            });
    var parameters = new TreeSet<String>();
    var secrets = new TreeSet<String>();
    task.secrets().forEach(s -> asked(task, s, parameters, secrets));
    var statements = new ArrayList<>(more);
    statements.add(
        allow(List.of("ecr:GetAuthorizationToken", "sts:GetCallerIdentity"), List.of("*")));
    if (!repositories.isEmpty()) {
      statements.add(
          allow(
              List.of(
                  "ecr:BatchGetImage",
                  "ecr:GetDownloadUrlForLayer",
                  "ecr:BatchCheckLayerAvailability"),
              repositories));
    }
    if (!parameters.isEmpty()) {
      statements.add(allow(List.of("ssm:GetParameters", "ssm:GetParameter"), parameters));
    }
    if (!secrets.isEmpty()) {
      statements.add(allow(List.of("secretsmanager:GetSecretValue"), secrets));
    }
    if (!parameters.isEmpty() || !secrets.isEmpty()) {
      statements.add(allow(List.of("kms:Decrypt"), List.of("*")));
    }
    return document(statements);
  }

  /** What the agent asks for to get one secret. */
  private static void asked(
      Task task, Task.ResolvedSecret secret, Set<String> parameters, Set<String> secrets) {
    String found = secret.parameter();
    switch (ValueFrom.parse(
        secret.valueFrom(), task.key().account().digits(), task.key().region().name())) {
      case ValueFrom.Parameter named ->
          parameters.add(parameter(task, found == null ? named.name() : found));
      case ValueFrom.Elsewhere(var arn, _) -> parameters.add(arn);
      case ValueFrom.Secret named -> {
        secrets.add(found == null ? named.arn() : found);
        if (found == null) {
          secrets.add(named.arn() + "-??????");
        }
      }
      case ValueFrom.Refused _ -> parameters.add(secret.valueFrom());
    }
  }

  private static String parameter(Task task, String name) {
    return Arn.of(
            "ssm",
            task.key().region(),
            task.key().account(),
            "parameter" + (name.startsWith("/") ? name : "/" + name))
        .toString();
  }

  static JsonObject allow(List<String> actions, Iterable<String> resources) {
    return JsonObject.EMPTY
        .with("Effect", "Allow")
        .with("Action", JsonArray.ofStrings(actions))
        .with("Resource", JsonArray.ofStrings(resources));
  }
}
