// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetAccountPasswordPolicyResponse;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PasswordPolicy;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.PasswordRules;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** GetAccountPasswordPolicy. */
public record GetAccountPasswordPolicy(IamState iam)
    implements Operation<Empty, GetAccountPasswordPolicyResponse> {
  @Override
  public OperationModel<Empty, GetAccountPasswordPolicyResponse> model() {
    return IamModel.GET_ACCOUNT_PASSWORD_POLICY;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of(Demand.on("iam:GetAccountPasswordPolicy"));
  }

  @Override
  public GetAccountPasswordPolicyResponse handle(Call call, Empty in) {
    PasswordRules rules =
        iam.state().read(view -> AccountFacts.of(view, call.account())).passwords();
    if (rules == null) {
      throw IamError.NO_SUCH_ENTITY.because(
          "The Password Policy with domain name %s cannot be found.", call.account().digits());
    }
    return GetAccountPasswordPolicyResponse.builder().passwordPolicy(shape(rules)).build();
  }

  private static PasswordPolicy shape(PasswordRules rules) {
    PasswordRules.Characters characters = rules.characters();
    return PasswordPolicy.builder()
        .minimumPasswordLength(rules.length())
        .requireSymbols(characters.symbols())
        .requireNumbers(characters.numbers())
        .requireUppercaseCharacters(characters.upper())
        .requireLowercaseCharacters(characters.lower())
        .allowUsersToChangePassword(rules.usersMayChange())
        .expirePasswords(rules.maxAge() > 0)
        .maxPasswordAge(rules.maxAge() > 0 ? rules.maxAge() : null)
        .passwordReusePrevention(rules.reusePrevention())
        .hardExpiry(rules.hardExpiry())
        .build();
  }
}
