// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.ecs.model.ParameterResolution;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.SecretResolution;
import dev.holdfast.ecs.plan.ValueFrom;
import dev.holdfast.ecs.port.Parameters;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.ecs.port.Secrets;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run needs before it is placed: its environment, its roles, its secrets. */
public record Launching(Parameters parameters, Secrets secrets, Roles roles) {

  /** Tags that say an environment before all others, and whose they are. */
  public record Given(Map<String, String> tags, String from) {}

  /**
   * The task's environment: the given tags', else the definition's, else the cluster's, else none.
   */
  public static Task.Environment environment(
      View view, Starter starter, Given given, TaskDefinition.Key definition, Arn cluster) {
    String own = given.tags().get(Principal.ENVIRONMENT);
    if (own != null) {
      return new Task.Environment(own, given.from());
    }
    String defined = Tags.of(view, starter.account(), definition.arn()).get(Principal.ENVIRONMENT);
    if (defined != null) {
      return new Task.Environment(defined, "task definition");
    }
    String clusters = Tags.of(view, starter.account(), cluster).get(Principal.ENVIRONMENT);
    return clusters == null
        ? new Task.Environment(null, "none")
        : new Task.Environment(clusters, "cluster");
  }

  /** A role's ARN; a plain name means a role of the starter's account. */
  public static @Nullable Arn role(Starter starter, @Nullable String text) {
    return role(starter.account(), text);
  }

  /** A role's ARN; a plain name means a role of that account. */
  public static @Nullable Arn role(AccountId account, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    Arn arn =
        text.startsWith("arn:")
            ? Arn.parse(text).orElse(null)
            : Arn.global("iam", account, "role/" + text);
    if (arn == null || !arn.service().equals("iam") || !arn.resource().startsWith("role/")) {
      throw EcsError.CLIENT.because("Role is not valid");
    }
    return arn;
  }

  /** Refuses a caller of one environment that starts a task of another, whatever names it. */
  public void checkCaller(Starter starter, Task.Environment environment) {
    String mine = starter.environment();
    String its = environment.name();
    if (mine != null && its != null && !mine.equals(its)) {
      starter.violated(
          Guardrail.ENVIRONMENT_LEAK,
          EcsError.ACCESS_DENIED,
          "the task gets the environment "
              + its
              + " from the tag of the "
              + environment.from()
              + ", and the caller belongs to "
              + mine
              + ": start tasks of the caller's own environment, or use a principal without one,"
              + " such as the one that deploys");
    }
  }

  /** Refuses a role that cannot be assumed, or that belongs to another environment. */
  public void checkRole(
      View view, Starter starter, @Nullable Arn arn, Task.Environment environment) {
    if (arn == null) {
      return;
    }
    Roles.Role role =
        roles
            .find(view, arn, Arn.of("ecs", starter.region(), starter.account(), "task/*"))
            .orElse(null);
    if (role == null || !role.trustsTasks()) {
      throw EcsError.CLIENT.because(
          "ECS was unable to assume the role '%s' that was provided for this task. Please verify"
              + " that the role being passed has the proper trust relationship and permissions and"
              + " that your IAM user has permissions to pass this role.",
          arn);
    }
    String owner = role.tags().get(Principal.ENVIRONMENT);
    if (owner == null || owner.equals(environment.name())) {
      return;
    }
    String text =
        "the role "
            + arn
            + " belongs to the environment "
            + owner
            + ", and the task to "
            + (environment.name() == null ? "none" : environment.name())
            + ": use a role of the task's environment or an untagged one, or start the task with"
            + " the tag environment="
            + owner;
    if (environment.name() != null) {
      throw EcsError.INVALID_PARAMETER.because("%s", text);
    }
    starter.violated(Guardrail.ENVIRONMENT_LEAK, EcsError.INVALID_PARAMETER, arn.toString(), text);
  }

  /** Resolves the secrets of all containers. */
  public List<Task.ResolvedSecret> secrets(
      View view, Starter starter, TaskSpec spec, @Nullable String environment) {
    var resolved = new ArrayList<Task.ResolvedSecret>();
    for (ContainerSpec container : spec.containerDefinitions()) {
      for (ContainerSpec.Secret secret : container.secrets()) {
        resolved.add(secret(view, starter, container, secret, environment));
      }
    }
    return resolved;
  }

  private Task.ResolvedSecret secret(
      View view,
      Starter starter,
      ContainerSpec container,
      ContainerSpec.Secret secret,
      @Nullable String environment) {
    String subject = "container " + container.label() + ", variable " + secret.name() + ": ";
    var asWritten =
        new Task.ResolvedSecret(
            container.label(), secret.name(), secret.valueFrom(), null, 0, null);
    return switch (ValueFrom.parse(
        secret.valueFrom(), starter.account().digits(), starter.region().name())) {
      case ValueFrom.Refused(var text) ->
          throw EcsError.INVALID_PARAMETER.because("%s", subject + text);
      case ValueFrom.Elsewhere _ -> asWritten;
      case ValueFrom.Secret wanted -> stored(view, starter, wanted, asWritten, environment);
      case ValueFrom.Parameter wanted -> {
        ParameterResolution found =
            parameters.resolve(
                view, starter.account(), starter.region(), secret.valueFrom(), environment);
        yield switch (SecretResolution.decide(wanted, found, environment)) {
          case SecretResolution.Outcome.Refused(var text) ->
              throw EcsError.INVALID_PARAMETER.because("%s", subject + text);
          case SecretResolution.Outcome.AsWritten _ -> asWritten;
          case SecretResolution.Outcome.Resolved(var parameter) -> {
            SecretResolution.leak(parameter, environment)
                .ifPresent(text -> leaks(starter, arn(starter, parameter.name()), text));
            yield new Task.ResolvedSecret(
                container.label(),
                secret.name(),
                secret.valueFrom(),
                parameter.name(),
                parameter.version(),
                null);
          }
        };
      }
    };
  }

  /**
   * The version of a secret that the task gets: the one that is meant now, whatever becomes of its
   * labels until the agent asks. One that is not there is asked for as written, as on AWS.
   */
  private Task.ResolvedSecret stored(
      View view,
      Starter starter,
      ValueFrom.Secret wanted,
      Task.ResolvedSecret asWritten,
      @Nullable String environment) {
    FoundSecret found =
        wanted.own()
            ? secrets
                .resolve(
                    view,
                    starter.account(),
                    starter.region(),
                    wanted.arn(),
                    wanted.stage(),
                    wanted.version())
                .orElse(null)
            : null;
    if (found == null) {
      return asWritten;
    }
    SecretResolution.leak(found, environment).ifPresent(text -> leaks(starter, found.arn(), text));
    return new Task.ResolvedSecret(
        asWritten.container(),
        asWritten.variable(),
        asWritten.valueFrom(),
        found.arn(),
        0,
        found.version());
  }

  private static String arn(Starter starter, String parameter) {
    String path = parameter.startsWith("/") ? parameter : "/" + parameter;
    return Arn.of("ssm", starter.region(), starter.account(), "parameter" + path).toString();
  }

  private static void leaks(Starter starter, String resource, String text) {
    starter.violated(Guardrail.ENVIRONMENT_LEAK, EcsError.ACCESS_DENIED, resource, text);
  }
}
