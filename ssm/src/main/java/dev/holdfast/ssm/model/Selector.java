// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as a request names it: a name or an ARN, with a version or a label after a colon.
 *
 * @param arn without the selector
 * @param names the names that the reference may mean, likeliest first: an ARN does not say whether
 *     a name of one level begins with a slash
 * @param suffix what follows the colon, or null
 */
public record Selector(
    AccountId account, Region region, Arn arn, List<String> names, @Nullable String suffix) {
  public Selector {
    names = List.copyOf(names);
  }

  /**
   * Reads a reference.
   *
   * @param account whose names are meant where no ARN says otherwise
   * @return empty where the text is an ARN of something else
   */
  public static Optional<Selector> parse(AccountId account, Region region, String text) {
    if (!text.startsWith("arn:")) {
      int colon = text.indexOf(':');
      String name = colon < 0 ? text : text.substring(0, colon);
      return Optional.of(
          new Selector(
              account,
              region,
              ParameterName.arn(account, region, name),
              List.of(name),
              colon < 0 ? null : text.substring(colon + 1)));
    }
    return Arn.parse(text)
        .filter(arn -> arn.service().equals("ssm"))
        .filter(arn -> arn.resource().startsWith("parameter/"))
        .flatMap(Selector::ofArn);
  }

  private static Optional<Selector> ofArn(Arn arn) {
    Optional<AccountId> account = AccountId.parse(arn.account());
    Optional<Region> region = Region.parse(arn.region());
    if (account.isEmpty() || region.isEmpty()) {
      return Optional.empty();
    }
    String resource = arn.resource().substring("parameter/".length());
    int colon = resource.indexOf(':');
    String path = colon < 0 ? resource : resource.substring(0, colon);
    List<String> names = path.contains("/") ? List.of("/" + path) : List.of("/" + path, path);
    return Optional.of(
        new Selector(
            account.get(),
            region.get(),
            ParameterName.arn(account.get(), region.get(), "/" + path),
            names,
            colon < 0 ? null : resource.substring(colon + 1)));
  }

  /** The version that is meant, or null where the suffix is absent or is a label. */
  public @Nullable Long version() {
    boolean digits =
        suffix != null
            && !suffix.isEmpty()
            && suffix.length() <= 18
            && suffix.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && suffix != null ? Long.valueOf(suffix) : null;
  }
}
