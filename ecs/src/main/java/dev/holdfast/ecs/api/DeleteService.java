// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeleteServiceRequest;
import dev.holdfast.aws.ecs.DeleteServiceResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Ends a service: it drains, and is inactive once its last task has stopped. */
public final class DeleteService implements Operation<DeleteServiceRequest, DeleteServiceResponse> {
  private final EcsDependencies deps;

  public DeleteService(EcsDependencies deps) {
    this.deps = deps;
  }

  @Override
  public OperationModel<DeleteServiceRequest, DeleteServiceResponse> model() {
    return EcsModel.DELETE_SERVICE;
  }

  @Override
  public Access access(Call call, DeleteServiceRequest in) {
    return Access.of(
        Names.demand(
            "ecs:DeleteService", Names.service(Names.cluster(call, in.cluster()), in.service())));
  }

  @Override
  public DeleteServiceResponse handle(Call call, DeleteServiceRequest in) {
    Service.Key key = ServiceLookup.key(call, in.cluster(), in.service());
    return deps.state()
        .commit(
            call,
            tx -> {
              Service row = ServiceLookup.service(tx, key);
              if (row.status() == Service.Status.INACTIVE) {
                throw EcsError.SERVICE_NOT_FOUND.because("Service not found.");
              }
              if (row.status() == Service.Status.ACTIVE) {
                if (row.desiredCount() > 0
                    && !row.settings().daemon()
                    && !Boolean.TRUE.equals(in.force())) {
                  throw EcsError.INVALID_PARAMETER.because(
                      "The service cannot be stopped while the primary deployment is scaled above 0.");
                }
                ServiceRevision revision = ServiceWire.revision(tx, row);
                if (revision != null) {
                  ServiceLookup.checkCaller(
                      Starter.of(call, deps.guardrails()), key, revision.environment().name());
                }
                row = row.with(0, row.settings()).with(Service.Status.DRAINING);
                tx.put(EcsTables.SERVICES, key.account(), key, row);
              }
              return DeleteServiceResponse.builder()
                  .service(ServiceWire.service(tx, row, TagRequests.of(tx, call, key.arn())))
                  .build();
            });
  }
}
