// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.ecs.Deployment;
import dev.holdfast.aws.ecs.DeploymentCircuitBreaker;
import dev.holdfast.aws.ecs.DeploymentConfiguration;
import dev.holdfast.aws.ecs.DeploymentController;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ecs.ServiceCurrentRevisionSummary;
import dev.holdfast.aws.ecs.ServiceEvent;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.state.Capacity;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Services.Count;
import dev.holdfast.kit.Json;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Services as AWS's shapes. */
final class ServiceWire {
  /** The platform family of AWS's that a Linux host of ours is. */
  static final String FAMILY = "Linux";

  private ServiceWire() {}

  static boolean fargate(ServiceRevision revision) {
    return Deploying.launchType(revision).equals("FARGATE");
  }

  static dev.holdfast.aws.ecs.Service service(View view, Service service, List<Tag> tags) {
    Map<String, Count> counts = Services.counts(view, service.key());
    Count all = counts.values().stream().reduce(Count.NONE, Count::and);
    Service.Settings settings = service.settings();
    var builder =
        dev.holdfast.aws.ecs.Service.builder()
            .serviceArn(service.key().arn().toString())
            .serviceName(service.key().name())
            .clusterArn(service.key().clusterKey().arn().toString())
            .loadBalancers(List.of())
            .serviceRegistries(List.of())
            .status(service.status().name())
            .desiredCount(service.desiredCount())
            .runningCount(all.running())
            .pendingCount(all.pending())
            .deploymentConfiguration(configuration(settings))
            .deployments(deployments(view, service, counts))
            .events(events(view, service))
            .createdAt(service.createdAt())
            .createdBy(service.createdBy())
            .currentServiceRevisions(revisions(service, counts))
            .placementConstraints(List.of())
            .placementStrategy(List.of())
            .healthCheckGracePeriodSeconds(settings.grace())
            .schedulingStrategy(settings.daemon() ? "DAEMON" : "REPLICA")
            .deploymentController(DeploymentController.builder().type("ECS").build())
            .tags(tags)
            .enableECSManagedTags(settings.managedTags())
            .propagateTags(settings.propagateTags() == null ? "NONE" : settings.propagateTags())
            .availabilityZoneRebalancing(ServiceRequests.rebalancing(settings));
    ServiceRevision revision = revision(view, service);
    if (revision != null) {
      how(builder, revision);
    }
    ServiceDeployment deployment = Services.deployment(view, service);
    if (deployment != null && deployment.open()) {
      builder.currentServiceDeployment(deployment.key().arn().toString());
    }
    return builder.build();
  }

  /** The revision that is wanted, or was at the end. */
  static @Nullable ServiceRevision revision(View view, Service service) {
    Service.Rollout primary = service.primary();
    if (primary != null) {
      return Services.revision(view, service.key(), primary.id());
    }
    ServiceDeployment last = Services.deployment(view, service);
    return last == null ? null : Services.revision(view, service.key(), last.target());
  }

  private static void how(dev.holdfast.aws.ecs.Service.Builder builder, ServiceRevision revision) {
    RunTaskRequest how = launched(revision);
    boolean byProvider = !how.capacityProviderStrategy().isEmpty();
    boolean fargate = fargate(revision);
    String version = how.platformVersion();
    builder
        .taskDefinition(revision.definition().arn().toString())
        .launchType(byProvider ? null : Deploying.launchType(revision))
        .capacityProviderStrategy(byProvider ? how.capacityProviderStrategy() : null)
        .platformVersion(fargate ? version == null ? "LATEST" : version : null)
        .platformFamily(fargate ? FAMILY : null)
        .networkConfiguration(how.networkConfiguration())
        .placementConstraints(how.placementConstraints())
        .placementStrategy(how.placementStrategy())
        .enableExecuteCommand(Boolean.TRUE.equals(how.enableExecuteCommand()));
  }

  /** How the tasks of a revision are launched. */
  static RunTaskRequest launched(ServiceRevision revision) {
    return (RunTaskRequest) JsonCodec.read(RunTaskRequest.SCHEMA, Json.bytes(revision.how()));
  }

  static DeploymentConfiguration configuration(Service.Settings settings) {
    return DeploymentConfiguration.builder()
        .deploymentCircuitBreaker(
            DeploymentCircuitBreaker.builder()
                .enable(settings.breaker())
                .rollback(settings.rollback())
                .build())
        .maximumPercent(settings.maximumPercent())
        .minimumHealthyPercent(settings.minimumHealthyPercent())
        .strategy("ROLLING")
        .bakeTimeInMinutes(0)
        .build();
  }

  private static List<Deployment> deployments(
      View view, Service service, Map<String, Count> counts) {
    var shown = new ArrayList<Deployment>();
    for (Service.Rollout rollout : service.rollouts()) {
      Count count = counts.getOrDefault(rollout.id(), Count.NONE);
      var builder =
          Deployment.builder()
              .id(rollout.deployment())
              .status(rollout.standing().name())
              .desiredCount(
                  rollout.standing() == Service.Standing.PRIMARY
                      ? service.desiredCount()
                      : count.wanted())
              .pendingCount(count.pending())
              .runningCount(count.running())
              .failedTasks(rollout.failedTasks())
              .createdAt(rollout.createdAt())
              .updatedAt(rollout.updatedAt())
              .rolloutState(rollout.state().name())
              .rolloutStateReason(rollout.reason());
      ServiceRevision revision = Services.revision(view, service.key(), rollout.id());
      if (revision != null) {
        RunTaskRequest how = launched(revision);
        boolean byProvider = !how.capacityProviderStrategy().isEmpty();
        builder
            .taskDefinition(revision.definition().arn().toString())
            .launchType(byProvider ? null : Deploying.launchType(revision))
            .capacityProviderStrategy(byProvider ? how.capacityProviderStrategy() : null)
            .platformVersion(fargate(revision) ? Capacity.platform(how.platformVersion()) : null)
            .platformFamily(fargate(revision) ? FAMILY : null)
            .networkConfiguration(how.networkConfiguration());
      }
      shown.add(builder.build());
    }
    return shown;
  }

  private static List<ServiceCurrentRevisionSummary> revisions(
      Service service, Map<String, Count> counts) {
    return service.rollouts().stream()
        .map(
            r -> {
              Count count = counts.getOrDefault(r.id(), Count.NONE);
              return ServiceCurrentRevisionSummary.builder()
                  .arn(new ServiceRevision.Key(service.key(), r.id()).arn().toString())
                  .requestedTaskCount(
                      r.standing() == Service.Standing.PRIMARY
                          ? service.desiredCount()
                          : count.wanted())
                  .runningTaskCount(count.running())
                  .pendingTaskCount(count.pending())
                  .build();
            })
        .toList();
  }

  /** The newest first. */
  private static List<ServiceEvent> events(View view, Service service) {
    return Services.of(view, EcsTables.SERVICE_EVENTS, service.key()).reversed().stream()
        .map(
            e ->
                ServiceEvent.builder()
                    .id(e.id())
                    .createdAt(e.createdAt())
                    .message(e.message())
                    .build())
        .toList();
  }
}
