// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.store.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A secret as a request names it: by name, by its complete ARN, or by an ARN without the six random
 * characters.
 *
 * @param arn as it was given; of a name, with a place-holder for the random characters
 * @param complete the name and the random characters that the ARN may hold, or null
 * @param partial the name that the text is as a whole
 */
public record SecretRef(
    AccountId account, Region region, Arn arn, @Nullable Complete complete, String partial) {

  /** The two parts of a complete ARN. */
  public record Complete(String name, String suffix) {}

  /**
   * Reads a reference.
   *
   * @param account whose names are meant where no ARN says otherwise
   * @return empty where the text is neither a secret's name nor its ARN
   */
  public static Optional<SecretRef> parse(AccountId account, Region region, String text) {
    if (!text.startsWith("arn:")) {
      return SecretName.wellFormed(text)
          ? Optional.of(
              new SecretRef(
                  account,
                  region,
                  SecretName.arn(account, region, text, SecretName.ANY_SUFFIX),
                  null,
                  text))
          : Optional.empty();
    }
    return Arn.parse(text)
        .filter(arn -> arn.partition().equals("aws") && arn.service().equals("secretsmanager"))
        .filter(arn -> arn.resource().startsWith(SecretName.KIND))
        .flatMap(SecretRef::ofArn);
  }

  private static Optional<SecretRef> ofArn(Arn arn) {
    Optional<AccountId> account = AccountId.parse(arn.account());
    Optional<Region> region = Region.parse(arn.region());
    String name = arn.resource().substring(SecretName.KIND.length());
    if (account.isEmpty() || region.isEmpty() || !SecretName.wellFormed(name)) {
      return Optional.empty();
    }
    int dash = name.length() - SecretName.SUFFIX - 1;
    boolean complete =
        dash > 0 && name.charAt(dash) == '-' && SecretName.suffixLike(name.substring(dash + 1));
    return Optional.of(
        new SecretRef(
            account.get(),
            region.get(),
            arn,
            complete ? new Complete(name.substring(0, dash), name.substring(dash + 1)) : null,
            name));
  }

  /**
   * The secret that is meant, whoever asks and whether it is marked for deletion or not.
   *
   * @param caller another account's secrets are found by their complete ARN alone: what is not
   *     there must look like what may not be seen
   */
  public Optional<StoredSecret> find(View view, AccountId caller) {
    Complete whole = complete;
    if (whole != null) {
      StoredSecret found = SecretTables.secret(view, account, region, whole.name());
      if (found != null && found.suffix().equals(whole.suffix())) {
        return Optional.of(found);
      }
    }
    return account.equals(caller)
        ? Optional.ofNullable(SecretTables.secret(view, account, region, partial))
        : Optional.empty();
  }
}
