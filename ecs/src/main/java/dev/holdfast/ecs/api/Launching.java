// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

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
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run needs before it is placed: its environment, its roles, its secrets. */
record Launching(Parameters parameters, Secrets secrets, Roles roles, Guardrails guardrails) {

  /**
   * The task's environment: the request's, else the definition's, else the cluster's, else none.
   */
  static Task.Environment environment(
      View view, Call call, Map<String, String> given, TaskDefinition.Key definition, Arn cluster) {
    String own = TagRequests.environment(given);
    if (own != null) {
      return new Task.Environment(own, "task");
    }
    String defined = TagRequests.environment(Tags.of(view, call.account(), definition.arn()));
    if (defined != null) {
      return new Task.Environment(defined, "task definition");
    }
    String clusters = TagRequests.environment(Tags.of(view, call.account(), cluster));
    return clusters == null
        ? new Task.Environment(null, "none")
        : new Task.Environment(clusters, "cluster");
  }

  /** Refuses a caller of one environment that starts a task of another, whatever names it. */
  void checkCaller(Call call, Task.Environment environment) {
    String mine = call.principal().environment();
    String its = environment.name();
    if (mine != null && its != null && !mine.equals(its)) {
      guardrails.violated(
          call,
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
  void checkRole(View view, Call call, @Nullable Arn arn, Task.Environment environment) {
    if (arn == null) {
      return;
    }
    Roles.Role role = roles.find(view, arn, call.arn("ecs", "task/*")).orElse(null);
    if (role == null || !role.trustsTasks()) {
      throw EcsError.CLIENT.because(
          "ECS was unable to assume the role '%s' that was provided for this task. Please verify"
              + " that the role being passed has the proper trust relationship and permissions and"
              + " that your IAM user has permissions to pass this role.",
          arn);
    }
    String owner = TagRequests.environment(role.tags());
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
            + ": use a role of the task's environment or an untagged one, or start the task with the"
            + " tag environment="
            + owner;
    if (environment.name() != null) {
      throw EcsError.INVALID_PARAMETER.because("%s", text);
    }
    guardrails.violated(call, Guardrail.ENVIRONMENT_LEAK, EcsError.INVALID_PARAMETER, text);
  }

  /** Resolves the secrets of all containers. */
  List<Task.ResolvedSecret> secrets(
      View view, Call call, TaskSpec spec, @Nullable String environment) {
    var resolved = new ArrayList<Task.ResolvedSecret>();
    for (ContainerSpec container : spec.containerDefinitions()) {
      for (ContainerSpec.Secret secret : container.secrets()) {
        resolved.add(secret(view, call, container, secret, environment));
      }
    }
    return resolved;
  }

  private Task.ResolvedSecret secret(
      View view,
      Call call,
      ContainerSpec container,
      ContainerSpec.Secret secret,
      @Nullable String environment) {
    String subject = "container " + container.label() + ", variable " + secret.name() + ": ";
    var asWritten =
        new Task.ResolvedSecret(
            container.label(), secret.name(), secret.valueFrom(), null, 0, null);
    return switch (ValueFrom.parse(
        secret.valueFrom(), call.account().digits(), call.region().name())) {
      case ValueFrom.Refused(var text) ->
          throw EcsError.INVALID_PARAMETER.because("%s", subject + text);
      case ValueFrom.Elsewhere _ -> asWritten;
      case ValueFrom.Secret wanted -> stored(view, call, wanted, asWritten, environment);
      case ValueFrom.Parameter wanted -> {
        ParameterResolution found =
            parameters.resolve(
                view, call.account(), call.region(), secret.valueFrom(), environment);
        yield switch (SecretResolution.decide(wanted, found, environment)) {
          case SecretResolution.Outcome.Refused(var text) ->
              throw EcsError.INVALID_PARAMETER.because("%s", subject + text);
          case SecretResolution.Outcome.AsWritten _ -> asWritten;
          case SecretResolution.Outcome.Resolved(var parameter) -> {
            SecretResolution.leak(parameter, environment).ifPresent(text -> leaks(call, text));
            yield wanted.selector() == null
                ? new Task.ResolvedSecret(
                    container.label(),
                    secret.name(),
                    secret.valueFrom(),
                    parameter.name(),
                    parameter.version(),
                    null)
                : asWritten;
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
      Call call,
      ValueFrom.Secret wanted,
      Task.ResolvedSecret asWritten,
      @Nullable String environment) {
    FoundSecret found =
        wanted.own()
            ? secrets
                .resolve(
                    view,
                    call.account(),
                    call.region(),
                    wanted.arn(),
                    wanted.stage(),
                    wanted.version())
                .orElse(null)
            : null;
    if (found == null) {
      return asWritten;
    }
    SecretResolution.leak(found, environment).ifPresent(text -> leaks(call, text));
    return new Task.ResolvedSecret(
        asWritten.container(),
        asWritten.variable(),
        asWritten.valueFrom(),
        found.arn(),
        0,
        found.version());
  }

  private void leaks(Call call, String text) {
    guardrails.violated(call, Guardrail.ENVIRONMENT_LEAK, EcsError.ACCESS_DENIED, text);
  }
}
