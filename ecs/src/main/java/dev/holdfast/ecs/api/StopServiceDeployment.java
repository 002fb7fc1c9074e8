// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.StopServiceDeploymentRequest;
import dev.holdfast.aws.ecs.StopServiceDeploymentResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.plan.Course;
import dev.holdfast.ecs.plan.ServiceTransitions;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Tx;
import java.util.List;

/** Rolls a deployment back that goes on, to the revision of the last one that was completed. */
public final class StopServiceDeployment
    implements Operation<StopServiceDeploymentRequest, StopServiceDeploymentResponse> {
  private final EcsDependencies deps;

  public StopServiceDeployment(EcsDependencies deps) {
    this.deps = deps;
  }

  @Override
  public OperationModel<StopServiceDeploymentRequest, StopServiceDeploymentResponse> model() {
    return EcsModel.STOP_SERVICE_DEPLOYMENT;
  }

  @Override
  public Access access(Call call, StopServiceDeploymentRequest in) {
    var key = DescribeServiceDeployments.key(call, in.serviceDeploymentArn());
    return new Access(Names.demands("ecs:StopServiceDeployment", key.service(), key.arn()));
  }

  @Override
  public StopServiceDeploymentResponse handle(Call call, StopServiceDeploymentRequest in) {
    var key = DescribeServiceDeployments.key(call, in.serviceDeploymentArn());
    if (in.stopType() != null && !in.stopType().equals("ROLLBACK")) {
      throw EcsError.INVALID_PARAMETER.because(
          "`stopType` %s is not served here; use ROLLBACK, or leave it out", in.stopType());
    }
    return deps.state()
        .commit(
            call,
            tx -> {
              stop(tx, call, key);
              return StopServiceDeploymentResponse.builder()
                  .serviceDeploymentArn(key.arn().toString())
                  .build();
            });
  }

  private static void stop(Tx tx, Call call, ServiceDeployment.Key key) {
    Service service = Services.find(tx, key.service());
    ServiceDeployment row = tx.get(EcsTables.SERVICE_DEPLOYMENTS, key.service().account(), key);
    if (service == null || row == null) {
      throw EcsError.SERVICE_DEPLOYMENT_NOT_FOUND.because("Service deployment not found.");
    }
    if (row.status() == ServiceDeployment.Status.ROLLBACK_IN_PROGRESS) {
      return;
    }
    if (row.status() != ServiceDeployment.Status.IN_PROGRESS
        || !service.progress().deployment().equals(key.id())) {
      throw EcsError.CONFLICT.because(
          "The service deployment is in the state %s and cannot be stopped.", row.status());
    }
    String good = ServiceTransitions.target(service);
    if (good == null) {
      throw EcsError.CONFLICT.because(
          "The service has no completed deployment that it could be rolled back to.");
    }
    Course course =
        ServiceTransitions.back(
            new Course(service, row, List.of()), good, "ECS deployment was stopped: ", call.now());
    Service next = Services.tell(tx, course.service(), course.events(), call.now());
    Services.put(tx, service, next, call.now());
    Deploying.put(tx, course.deployment());
  }
}
