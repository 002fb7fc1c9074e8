// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class FactorOperations {
  private FactorOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new CreateVirtualMFADevice(iam),
        new DeactivateMFADevice(iam),
        new DeleteVirtualMFADevice(iam),
        new EnableMFADevice(iam),
        new GetMFADevice(iam),
        new ListMFADeviceTags(iam),
        new ListMFADevices(iam),
        new ListVirtualMFADevices(iam),
        new ResyncMFADevice(iam),
        new TagMFADevice(iam),
        new UntagMFADevice(iam));
  }
}
