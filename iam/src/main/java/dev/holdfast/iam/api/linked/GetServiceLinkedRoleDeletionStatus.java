// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.linked;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeletionTaskFailureReasonType;
import dev.holdfast.aws.iam.GetServiceLinkedRoleDeletionStatusRequest;
import dev.holdfast.aws.iam.GetServiceLinkedRoleDeletionStatusResponse;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.RoleUsageType;
import dev.holdfast.iam.control.LinkedRoles;
import dev.holdfast.iam.model.RoleDeletion;
import dev.holdfast.iam.plan.LinkedService;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** GetServiceLinkedRoleDeletionStatus: a deletion is over at once, well or not. */
public record GetServiceLinkedRoleDeletionStatus(LinkedRoles roles)
    implements Operation<
        GetServiceLinkedRoleDeletionStatusRequest, GetServiceLinkedRoleDeletionStatusResponse> {
  private static final String TASK = "task";

  @Override
  public OperationModel<
          GetServiceLinkedRoleDeletionStatusRequest, GetServiceLinkedRoleDeletionStatusResponse>
      model() {
    return IamModel.GET_SERVICE_LINKED_ROLE_DELETION_STATUS;
  }

  @Override
  public Access access(Call call, GetServiceLinkedRoleDeletionStatusRequest in) {
    String task = in.deletionTaskId();
    int end = task.lastIndexOf('/');
    if (!task.startsWith(TASK + LinkedService.PATH) || end < (TASK + LinkedService.PATH).length()) {
      throw IamError.INVALID_INPUT.because("The deletion task id %s is not valid.", task);
    }
    return Access.of(
        "iam:GetServiceLinkedRoleDeletionStatus",
        Arn.global("iam", call.account(), "role" + task.substring(TASK.length(), end)));
  }

  @Override
  public GetServiceLinkedRoleDeletionStatusResponse handle(
      Call call, GetServiceLinkedRoleDeletionStatusRequest in) {
    RoleDeletion deletion = roles.deletion(call, in.deletionTaskId());
    return deletion.inUse().isEmpty()
        ? GetServiceLinkedRoleDeletionStatusResponse.builder().status("SUCCEEDED").build()
        : GetServiceLinkedRoleDeletionStatusResponse.builder()
            .status("FAILED")
            .reason(
                DeletionTaskFailureReasonType.builder()
                    .reason("The role is in use by the resources of the service.")
                    .roleUsageList(usage(deletion.inUse()))
                    .build())
            .build();
  }

  private static List<RoleUsageType> usage(List<String> arns) {
    var byRegion =
        arns.stream()
            .collect(
                Collectors.groupingBy(
                    arn -> Arn.parse(arn).map(Arn::region).orElse(""),
                    TreeMap::new,
                    Collectors.toList()));
    return byRegion.entrySet().stream()
        .map(
            region ->
                RoleUsageType.builder()
                    .region(region.getKey())
                    .resources(region.getValue())
                    .build())
        .toList();
  }
}
