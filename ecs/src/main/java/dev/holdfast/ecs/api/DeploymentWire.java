// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.ContainerImage;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ecs.ServiceDeploymentAlarms;
import dev.holdfast.aws.ecs.ServiceDeploymentBrief;
import dev.holdfast.aws.ecs.ServiceDeploymentCircuitBreaker;
import dev.holdfast.aws.ecs.ServiceRevisionSummary;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.state.Capacity;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Services.Count;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;

/** Deployments and revisions of services as AWS's shapes. */
final class DeploymentWire {
  private DeploymentWire() {}

  static dev.holdfast.aws.ecs.ServiceDeployment deployment(
      View view, Service service, ServiceDeployment row) {
    Map<String, Count> counts = Services.counts(view, service.key());
    ServiceDeployment.Times times = row.times();
    ServiceDeployment.Rollback rollback = row.rollback();
    return dev.holdfast.aws.ecs.ServiceDeployment.builder()
        .serviceDeploymentArn(row.key().arn().toString())
        .serviceArn(service.key().arn().toString())
        .clusterArn(service.key().clusterKey().arn().toString())
        .createdAt(times.createdAt())
        .startedAt(times.createdAt())
        .finishedAt(times.finishedAt())
        .stoppedAt(times.stoppedAt())
        .updatedAt(times.updatedAt())
        .sourceServiceRevisions(
            row.sources().stream()
                .map(s -> summary(service, s.revision(), s.tasks(), counts))
                .toList())
        .targetServiceRevision(summary(service, row.target(), service.desiredCount(), counts))
        .status(row.status().name())
        .statusReason(row.reason())
        .deploymentConfiguration(ServiceWire.configuration(service.settings()))
        .rollback(
            rollback == null
                ? null
                : dev.holdfast.aws.ecs.Rollback.builder()
                    .reason(rollback.reason())
                    .startedAt(rollback.startedAt())
                    .serviceRevisionArn(arn(service, rollback.revision()))
                    .build())
        .deploymentCircuitBreaker(breaker(row))
        .alarms(
            ServiceDeploymentAlarms.builder()
                .status("DISABLED")
                .alarmNames(List.of())
                .triggeredAlarmNames(List.of())
                .build())
        .build();
  }

  private static String arn(Service service, String revision) {
    return new ServiceRevision.Key(service.key(), revision).arn().toString();
  }

  private static ServiceRevisionSummary summary(
      Service service, String revision, int requested, Map<String, Count> counts) {
    Count count = counts.getOrDefault(revision, Count.NONE);
    return ServiceRevisionSummary.builder()
        .arn(arn(service, revision))
        .requestedTaskCount(requested)
        .runningTaskCount(count.running())
        .pendingTaskCount(count.pending())
        .build();
  }

  private static ServiceDeploymentCircuitBreaker breaker(ServiceDeployment row) {
    String status;
    if (row.threshold() == 0) {
      status = "DISABLED";
    } else if (row.failures() >= row.threshold()) {
      status = "TRIGGERED";
    } else {
      status = row.open() ? "MONITORING" : "MONITORING_COMPLETE";
    }
    return ServiceDeploymentCircuitBreaker.builder()
        .status(status)
        .failureCount(row.failures())
        .threshold(row.threshold())
        .build();
  }

  static ServiceDeploymentBrief brief(ServiceDeployment row) {
    Service.Key service = row.key().service();
    return ServiceDeploymentBrief.builder()
        .serviceDeploymentArn(row.key().arn().toString())
        .serviceArn(service.arn().toString())
        .clusterArn(service.clusterKey().arn().toString())
        .startedAt(row.times().createdAt())
        .createdAt(row.times().createdAt())
        .finishedAt(row.times().finishedAt())
        .targetServiceRevisionArn(new ServiceRevision.Key(service, row.target()).arn().toString())
        .status(row.status().name())
        .statusReason(row.reason())
        .build();
  }

  static dev.holdfast.aws.ecs.ServiceRevision revision(ServiceRevision row) {
    Service.Key service = row.key().service();
    RunTaskRequest how = ServiceWire.launched(row);
    boolean byProvider = !how.capacityProviderStrategy().isEmpty();
    return dev.holdfast.aws.ecs.ServiceRevision.builder()
        .serviceRevisionArn(row.key().arn().toString())
        .serviceArn(service.arn().toString())
        .clusterArn(service.clusterKey().arn().toString())
        .taskDefinition(row.definition().arn().toString())
        .launchType(byProvider ? null : Deploying.launchType(row))
        .capacityProviderStrategy(byProvider ? how.capacityProviderStrategy() : null)
        .platformVersion(ServiceWire.fargate(row) ? Capacity.platform(how.platformVersion()) : null)
        .platformFamily(ServiceWire.fargate(row) ? ServiceWire.FAMILY : null)
        .networkConfiguration(how.networkConfiguration())
        .loadBalancers(List.of())
        .serviceRegistries(List.of())
        .containerImages(
            row.images().stream()
                .map(
                    i ->
                        ContainerImage.builder()
                            .containerName(i.container())
                            .image(i.image())
                            .imageDigest(i.digest())
                            .build())
                .toList())
        .guardDutyEnabled(false)
        .createdAt(row.createdAt())
        .build();
  }
}
