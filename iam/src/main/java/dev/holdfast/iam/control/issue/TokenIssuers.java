// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control.issue;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.iam.plan.issue.SigningAlgorithm;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The issuers of accounts' own tokens: at most one of an account.
 *
 * @param address the base of every API, as others reach this platform
 */
public record TokenIssuers(IamState iam, Supplier<String> address) {
  /** Where issuers publish, under the platform's address. */
  public static final String PREFIX = "/_holdfast/issuers/";

  /** The account's issuer, enabled or not. */
  public static Optional<TokenIssuer> of(View view, AccountId account) {
    return view.list(IamTables.TOKEN_ISSUERS, account).stream().findFirst();
  }

  /** The account's issuer where it issues. */
  public Optional<TokenIssuer> issuing(AccountId account) {
    return iam.state().read(view -> of(view, account)).filter(TokenIssuer::enabled);
  }

  /** The URL that tokens name, under which the discovery document lies. */
  public String url(AccountId account, TokenIssuer issuer) {
    return address.get() + PREFIX + account.digits() + "/" + issuer.id();
  }

  /**
   * Issues from now on, by fresh keys.
   *
   * @throws ApiError FeatureEnabled; Throttling where it was enabled ten times within an hour
   */
  public TokenIssuer enable(Call call) {
    iam.state().read(view -> of(view, call.account())).ifPresent(known -> mayEnable(known, call));
    // Made before the transaction: RSA keys take a while.
    List<TokenIssuer.Key> fresh =
        Arrays.stream(SigningAlgorithm.values())
            .map(algorithm -> algorithm.key(Ids.uuid(iam.random())))
            .toList();
    String id = Ids.uuid(iam.random());
    return iam.state()
        .commit(
            call,
            tx -> {
              TokenIssuer issuer =
                  of(tx, call.account()).orElseGet(() -> new TokenIssuer(id, false, List.of()));
              mayEnable(issuer, call);
              TokenIssuer changed = issuer.enabledBy(fresh, call.now());
              tx.put(IamTables.TOKEN_ISSUERS, call.account(), changed.id(), changed);
              return changed;
            });
  }

  /**
   * Issues nothing more.
   *
   * @throws ApiError FeatureDisabled
   */
  public TokenIssuer disable(Call call) {
    return iam.state()
        .commit(
            call,
            tx -> {
              TokenIssuer changed =
                  of(tx, call.account())
                      .filter(TokenIssuer::enabled)
                      .orElseThrow(TokenIssuers::disabled)
                      .disabledAt(call.now());
              tx.put(IamTables.TOKEN_ISSUERS, call.account(), changed.id(), changed);
              return changed;
            });
  }

  private static void mayEnable(TokenIssuer issuer, Call call) {
    if (issuer.enabled()) {
      throw IamError.FEATURE_ENABLED.because(
          "Outbound web identity federation is already enabled for the account.");
    }
    if (issuer.isFull(call.now())) {
      throw CommonError.THROTTLING
          .in(Protocol.QUERY)
          .because(
              "Outbound web identity federation was enabled and disabled too often; try again in an"
                  + " hour.");
    }
  }

  /** Ends all issuing: whether keys of a backup were taken back since cannot be known. */
  public static void forget(Tx tx) {
    for (AccountId account : Accounts.all(tx)) {
      of(tx, account)
          .ifPresent(
              issuer ->
                  tx.put(
                      IamTables.TOKEN_ISSUERS,
                      account,
                      issuer.id(),
                      new TokenIssuer(issuer.id(), false, List.of())));
    }
  }

  public static ApiError disabled() {
    return IamError.FEATURE_DISABLED.because(
        "Outbound web identity federation is disabled for the account.");
  }
}
