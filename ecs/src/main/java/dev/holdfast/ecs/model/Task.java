// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task: what was asked, where it was placed, what was resolved for it, and how it stands.
 *
 * @param verdicts what guardrails said when it was started
 */
public record Task(
    Key key,
    Launch launch,
    Placement place,
    Environment environment,
    List<ResolvedSecret> secrets,
    Credentials credentials,
    TaskStatus status,
    List<ContainerState> containers,
    List<String> verdicts) {

  /** A task's place. */
  public record Key(AccountId account, Region region, String cluster, String id) {
    public Arn arn() {
      return Arn.of("ecs", region, account, "task/" + cluster + "/" + id);
    }

    /** The place that an ARN names, or empty where it names no task. */
    public static Optional<Key> of(Arn arn) {
      String[] parts = arn.resource().split("/", -1);
      AccountId account = AccountId.parse(arn.account()).orElse(null);
      Region region = Region.parse(arn.region()).orElse(null);
      return arn.service().equals("ecs")
              && parts.length == 3
              && parts[0].equals("task")
              && account != null
              && region != null
          ? Optional.of(new Key(account, region, parts[1], parts[2]))
          : Optional.empty();
    }

    public Cluster.Key clusterKey() {
      return new Cluster.Key(account, region, cluster);
    }

    public List<String> segments() {
      return List.of(region.name(), cluster, id);
    }
  }

  /**
   * What was asked; {@code overrides} is the request's member as it was given.
   *
   * @param enableExecuteCommand whether commands may be run in its containers; null means not
   */
  public record Launch(
      TaskDefinition.Key definition,
      String group,
      @Nullable String startedBy,
      String launchType,
      JsonObject overrides,
      @Nullable String cpu,
      @Nullable String memory,
      @Nullable Boolean enableExecuteCommand,
      @Nullable Ground ground) {

    /** A task that stands on nothing that was asked for. */
    public Launch(
        TaskDefinition.Key definition,
        String group,
        @Nullable String startedBy,
        String launchType,
        JsonObject overrides,
        @Nullable String cpu,
        @Nullable String memory,
        @Nullable Boolean enableExecuteCommand) {
      this(
          definition,
          group,
          startedBy,
          launchType,
          overrides,
          cpu,
          memory,
          enableExecuteCommand,
          null);
    }

    /** A task in whose containers no commands are run. */
    public Launch(
        TaskDefinition.Key definition,
        String group,
        @Nullable String startedBy,
        String launchType,
        JsonObject overrides,
        @Nullable String cpu,
        @Nullable String memory) {
      this(definition, group, startedBy, launchType, overrides, cpu, memory, null, null);
    }

    /** Whether commands may be run in its containers. */
    public boolean enablesExecuteCommand() {
      return Boolean.TRUE.equals(enableExecuteCommand);
    }

    public boolean fargate() {
      return launchType.equals("FARGATE");
    }
  }

  /**
   * What a task was asked to stand on.
   *
   * @param network of a task with the network mode {@code awsvpc}
   * @param platformVersion of a task of the launch type FARGATE
   */
  public record Ground(
      @Nullable String capacityProvider,
      @Nullable String platformVersion,
      @Nullable Network network) {}

  /** The {@code awsvpcConfiguration} as it was given. */
  public record Network(
      List<String> subnets, List<String> securityGroups, @Nullable String assignPublicIp) {}

  /** Where it runs. */
  public record Placement(String instance, String host) {}

  /**
   * The environment that a task belongs to.
   *
   * @param name null for none
   * @param from where it came from: {@code task}, {@code task definition}, {@code cluster} or
   *     {@code none}
   */
  public record Environment(@Nullable String name, String from) {}

  /**
   * What a secret's {@code valueFrom} was resolved to.
   *
   * @param parameter the parameter's name, or the complete ARN of a secret of Secrets Manager; null
   *     where nothing was resolved
   * @param versionId of a secret of Secrets Manager: the version
   * @param version of a parameter; 0 where nothing was resolved: the agent asks for what is written
   */
  public record ResolvedSecret(
      String container,
      String variable,
      String valueFrom,
      @Nullable String parameter,
      long version,
      @Nullable String versionId) {}

  /**
   * The task's roles and the sessions handed out for them.
   *
   * @param taskCredentialsId the bearer secret of the credentials endpoint
   */
  public record Credentials(
      @Nullable String taskRoleArn,
      @Nullable String taskCredentialsId,
      @Nullable String executionRoleArn,
      @Nullable String executionCredentialsId,
      List<IssuedSession> sessions) {

    public Credentials with(List<IssuedSession> changed) {
      return new Credentials(
          taskRoleArn, taskCredentialsId, executionRoleArn, executionCredentialsId, changed);
    }

    @Override
    public String toString() {
      return "Credentials[" + taskRoleArn + ", " + executionRoleArn + "]";
    }
  }

  /**
   * A session handed to the agent for a role of the task.
   *
   * @param lasting whether it ends when the task has ended, not when the task is told to
   */
  public record IssuedSession(String id, String roleArn, Instant expires, boolean lasting) {
    public IssuedSession lasting(boolean so) {
      return new IssuedSession(id, roleArn, expires, so);
    }
  }

  public boolean live() {
    return status.lastStatus() != TaskStatus.Last.STOPPED;
  }

  /** Whether it lives and nobody wants it stopped: only such a task has sessions. */
  public boolean wanted() {
    return live() && status.desiredStatus() == TaskStatus.Desired.RUNNING;
  }

  public Task with(TaskStatus changed, List<ContainerState> states) {
    return new Task(
        key, launch, place, environment, secrets, credentials, changed, states, verdicts);
  }

  public Task with(TaskStatus changed) {
    return with(changed, containers);
  }

  public Task with(Credentials changed) {
    return new Task(
        key, launch, place, environment, secrets, changed, status, containers, verdicts);
  }
}
