// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.GetRandomPasswordRequest;
import dev.holdfast.aws.secretsmanager.GetRandomPasswordResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.plan.RandomPassword;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Makes a random password; it is kept nowhere. */
public record GetRandomPassword(Vault vault)
    implements Operation<GetRandomPasswordRequest, GetRandomPasswordResponse> {
  @Override
  public OperationModel<GetRandomPasswordRequest, GetRandomPasswordResponse> model() {
    return SecretsManagerModel.GET_RANDOM_PASSWORD;
  }

  @Override
  public Access access(Call call, GetRandomPasswordRequest in) {
    return Access.of("secretsmanager:GetRandomPassword");
  }

  @Override
  public GetRandomPasswordResponse handle(Call call, GetRandomPasswordRequest in) {
    Long asked = in.passwordLength();
    String excluded = in.excludeCharacters();
    RandomPassword password =
        RandomPassword.of(
            new RandomPassword.Kinds(
                !Boolean.TRUE.equals(in.excludeLowercase()),
                !Boolean.TRUE.equals(in.excludeUppercase()),
                !Boolean.TRUE.equals(in.excludeNumbers()),
                !Boolean.TRUE.equals(in.excludePunctuation()),
                Boolean.TRUE.equals(in.includeSpace())),
            excluded == null ? "" : excluded,
            asked == null ? RandomPassword.DEFAULT_LENGTH : Math.toIntExact(asked),
            !Boolean.FALSE.equals(in.requireEachIncludedType()));
    password
        .fault()
        .ifPresent(
            fault -> {
              throw SecretsManagerError.INVALID_PARAMETER.because("%s", fault);
            });
    return new GetRandomPasswordResponse(password.draw(vault.random()));
  }
}
