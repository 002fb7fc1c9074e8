// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.linked;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateServiceLinkedRoleRequest;
import dev.holdfast.aws.iam.CreateServiceLinkedRoleResponse;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.plan.LinkedService;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** CreateServiceLinkedRole. */
public record CreateServiceLinkedRole(IamState iam)
    implements Operation<CreateServiceLinkedRoleRequest, CreateServiceLinkedRoleResponse> {
  @Override
  public OperationModel<CreateServiceLinkedRoleRequest, CreateServiceLinkedRoleResponse> model() {
    return IamModel.CREATE_SERVICE_LINKED_ROLE;
  }

  @Override
  public Access access(Call call, CreateServiceLinkedRoleRequest in) {
    String name = in.awsServiceName();
    Arn arn =
        LinkedService.of(name)
            .map(service -> LinkedRoles.arn(call.account(), service))
            .orElseGet(
                () ->
                    EntityKind.ROLE.arn(
                        call.account(), LinkedService.PATH + name + "/", "AWSServiceRole"));
    return Access.of(Demand.on("iam:CreateServiceLinkedRole", arn).key("iam:AWSServiceName", name));
  }

  @Override
  public CreateServiceLinkedRoleResponse handle(Call call, CreateServiceLinkedRoleRequest in) {
    LinkedService service =
        LinkedService.of(in.awsServiceName())
            .orElseThrow(
                () ->
                    IamError.INVALID_INPUT.because(
                        "the service `%s` has no service-linked role here", in.awsServiceName()));
    if (in.customSuffix() != null) {
      throw IamError.INVALID_INPUT.because(
          "Custom suffix is not allowed for %s", service.principal());
    }
    String id = iam.id(EntityKind.ROLE.idPrefix());
    return iam.state()
        .commit(
            call,
            tx -> {
              var role =
                  LinkedRoles.make(tx, call.account(), service, id, in.description(), call.now());
              return CreateServiceLinkedRoleResponse.builder()
                  .role(Wire.role(tx, call.account(), role))
                  .build();
            });
  }
}
