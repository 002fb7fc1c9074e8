// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.PutImageScanningConfigurationRequest;
import dev.holdfast.aws.ecr.PutImageScanningConfigurationResponse;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/**
 * {@code PutImageScanningConfiguration}: images are not scanned, so that only that can be asked
 * for.
 */
public record PutImageScanningConfiguration(State state)
    implements Operation<
        PutImageScanningConfigurationRequest, PutImageScanningConfigurationResponse> {

  @Override
  public OperationModel<PutImageScanningConfigurationRequest, PutImageScanningConfigurationResponse>
      model() {
    return EcrModel.PUT_IMAGE_SCANNING_CONFIGURATION;
  }

  @Override
  public Access access(Call call, PutImageScanningConfigurationRequest in) {
    return Access.of(
        "ecr:PutImageScanningConfiguration",
        EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public PutImageScanningConfigurationResponse handle(
      Call call, PutImageScanningConfigurationRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    EcrFault.refuseScanning(in.imageScanningConfiguration());
    state.read(view -> EcrFault.require(view, id));
    return PutImageScanningConfigurationResponse.builder()
        .registryId(id.account().digits())
        .repositoryName(id.name())
        .imageScanningConfiguration(Wire.NOT_SCANNED)
        .build();
  }
}
