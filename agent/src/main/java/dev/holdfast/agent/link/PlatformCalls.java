// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.task.SecretSource;
import dev.holdfast.agent.task.TaskReport;
import dev.holdfast.agent.task.TaskReporter;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.agent.PayloadContainer.SecretReference;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.ContainerStateChange;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.NetworkBinding;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.ssm.GetParametersRequest;
import dev.holdfast.aws.ssm.Parameter;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Arn;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The calls of the agent to the platform's API: reports as the host, parameters and secrets as the
 * task's execution role.
 */
public final class PlatformCalls implements TaskReporter, SecretSource {
  private static final int NAMES_A_CALL = 10;
  private static final int ATTEMPTS = 7;

  private final AwsClient client;
  private final HostIdentity identity;
  private final String region;
  private final Consumer<String> health;

  /**
   * Makes the calls.
   *
   * @param client of the platform; whose credentials does not matter
   * @param region where neither task nor secret names one
   * @param health told a task's ARN when its health has changed
   */
  public PlatformCalls(
      AwsClient client, HostIdentity identity, String region, Consumer<String> health) {
    this.client = client;
    this.identity = identity;
    this.region = region;
    this.health = health;
  }

  @Override
  public void submit(TaskReport report) throws IOException {
    var request =
        SubmitTaskStateChangeRequest.builder()
            .cluster(report.clusterArn())
            .task(report.taskArn())
            .status(report.status().name())
            .reason(report.reason())
            .containers(report.containers().stream().map(PlatformCalls::change).toList())
            .pullStartedAt(report.pullStartedAt())
            .pullStoppedAt(report.pullStoppedAt())
            .executionStoppedAt(report.executionStoppedAt())
            .build();
    String where = Arn.parse(report.taskArn()).map(Arn::region).orElse(region);
    try {
      call(client.as(identity::credentials, where), EcsModel.SUBMIT_TASK_STATE_CHANGE, request);
    } catch (ApiError e) {
      identity.refused(e.code(), Optional.empty());
      // The one answer that means: drop this report for good.
      if (!e.code().equals("InvalidParameterException")) {
        throw new IOException(e.code() + ": " + e.getMessage(), e);
      }
    }
  }

  private static ContainerStateChange change(TaskReport.ContainerReport container) {
    return ContainerStateChange.builder()
        .containerName(container.name())
        .runtimeId(container.runtimeId())
        .imageDigest(container.imageDigest())
        .status(container.status().name())
        .exitCode(container.exitCode())
        .reason(container.reason())
        .networkBindings(container.bindings().stream().map(PlatformCalls::binding).toList())
        .build();
  }

  private static NetworkBinding binding(Container.Binding binding) {
    if (binding.containerPort() == 0) {
      // The task's own address, which has all of its ports.
      return NetworkBinding.builder().bindIP(binding.hostIp()).build();
    }
    return NetworkBinding.builder()
        .bindIP(binding.hostIp())
        .containerPort(binding.containerPort())
        .hostPort(binding.hostPort())
        .protocol(binding.protocol())
        .build();
  }

  @Override
  public void healthChanged(String taskArn) {
    health.accept(taskArn);
  }

  @Override
  public Map<String, String> values(RoleCredentials executionRole, List<SecretReference> secrets)
      throws IOException {
    var byRegion = new LinkedHashMap<String, LinkedHashSet<String>>();
    var values = new HashMap<String, String>();
    var stored = new AsmSecrets();
    for (SecretReference secret : secrets) {
      String given = secret.region();
      String where = given == null || given.isEmpty() ? region : given;
      String provider = secret.provider() == null ? "ssm" : secret.provider();
      switch (provider) {
        case "ssm" ->
            byRegion.computeIfAbsent(where, r -> new LinkedHashSet<>()).add(secret.valueFrom());
        case "asm" -> {
          AwsClient as = client.as(() -> credentials(executionRole), where);
          values.put(secret.valueFrom(), stored.value(as, secret.valueFrom()));
        }
        default -> throw new IOException("secrets of the provider " + provider + " are not served");
      }
    }
    for (var group : byRegion.entrySet()) {
      AwsClient as = client.as(() -> credentials(executionRole), group.getKey());
      var names = new ArrayList<>(group.getValue());
      for (int i = 0; i < names.size(); i += NAMES_A_CALL) {
        fetch(as, names.subList(i, Math.min(names.size(), i + NAMES_A_CALL)), values);
      }
    }
    return values;
  }

  private static void fetch(AwsClient as, List<String> names, Map<String, String> values)
      throws IOException {
    var request = GetParametersRequest.builder().names(names).withDecryption(true).build();
    try {
      var result = call(as, SsmModel.GET_PARAMETERS, request);
      for (Parameter parameter : result.parameters()) {
        for (String name : names) {
          String value = parameter.value();
          if (value != null && names(parameter, name)) {
            values.put(name, value);
          }
        }
      }
      List<String> missing = names.stream().filter(n -> !values.containsKey(n)).toList();
      if (!missing.isEmpty()) {
        throw new IOException(
            "unable to retrieve secret from ssm: invalid parameters: "
                + String.join(", ", missing));
      }
    } catch (ApiError e) {
      throw new IOException(
          "unable to retrieve secret from ssm: " + e.code() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a parameter is the one asked for: by name or ARN, with its selector where given. */
  private static boolean names(Parameter parameter, String asked) {
    String selector = parameter.selector() == null ? "" : parameter.selector();
    return asked.equals(parameter.name())
        || asked.equals(parameter.arn())
        || asked.equals(parameter.name() + selector)
        || asked.equals(parameter.arn() + selector);
  }

  static Credentials credentials(RoleCredentials role) {
    return new Credentials(role.accessKeyId(), role.secretAccessKey(), role.sessionToken());
  }

  /**
   * Calls the platform, and again while it gives no answer or says that it cannot now: it may be
   * restarting, and no task is to fail of that. What it answers otherwise holds at once.
   *
   * @throws IOException where there was no answer for some five seconds
   */
  static <I extends Shape, O extends Shape> O call(
      AwsClient client, OperationModel<I, O> operation, I request) throws IOException {
    var backoff = new Backoff();
    for (int attempt = 1; ; attempt++) {
      try {
        return client.call(operation, request);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted during " + operation.name());
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } catch (ApiError e) {
        if (attempt == ATTEMPTS || !passing(e)) {
          throw e;
        }
      }
      backoff.pause();
    }
  }

  private static boolean passing(ApiError error) {
    return error.shape().status() >= 500 || error.code().equals("ThrottlingException");
  }
}
