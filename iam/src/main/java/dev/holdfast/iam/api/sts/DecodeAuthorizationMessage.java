// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageRequest;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageResponse;
import dev.holdfast.aws.sts.StsError;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.iam.control.Denials;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/**
 * DecodeAuthorizationMessage: the encoded message is the authorization id that a denial ends with.
 * It says nothing to anybody but the people of the account that was denied.
 */
public record DecodeAuthorizationMessage(Denials denials)
    implements Operation<DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse> {
  @Override
  public OperationModel<DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse>
      model() {
    return StsModel.DECODE_AUTHORIZATION_MESSAGE;
  }

  @Override
  public Access access(Call call, DecodeAuthorizationMessageRequest in) {
    return Access.of("sts:DecodeAuthorizationMessage");
  }

  @Override
  public DecodeAuthorizationMessageResponse handle(
      Call call, DecodeAuthorizationMessageRequest in) {
    String message =
        denials
            .message(call.account(), in.encodedMessage())
            .orElseThrow(
                () -> StsError.INVALID_AUTHORIZATION_MESSAGE.because("Message is not valid"));
    return DecodeAuthorizationMessageResponse.builder().decodedMessage(message).build();
  }
}
