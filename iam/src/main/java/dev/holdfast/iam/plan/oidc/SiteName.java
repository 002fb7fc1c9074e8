// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import java.util.Locale;
import java.util.Optional;

/**
 * An {@code https} address of an identity provider: a host by name, without a port, and a path.
 *
 * @param host in lower case
 * @param path empty, or beginning with a slash
 */
public record SiteName(String host, String path) {
  /** The longest URL of a provider. */
  public static final int LONGEST = 255;

  private static final String SCHEME = "https://";
  private static final int LONGEST_HOST = 253;
  private static final int LONGEST_LABEL = 63;

  /** The site of a URL, or empty where it has a port, a query, an address for a host, or more. */
  public static Optional<SiteName> parse(String url) {
    if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String rest = url.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String host = (slash < 0 ? rest : rest.substring(0, slash)).toLowerCase(Locale.ROOT);
    String path = slash < 0 ? "" : rest.substring(slash);
    return isName(host) && isPath(path) ? Optional.of(new SiteName(host, path)) : Optional.empty();
  }

  /** Whether a text is the name of a host and no address. */
  public static boolean isName(String host) {
    if (host.isEmpty() || host.length() > LONGEST_HOST) {
      return false;
    }
    String[] labels = host.split("\\.", -1);
    for (String label : labels) {
      boolean good =
          !label.isEmpty()
              && label.length() <= LONGEST_LABEL
              && label.charAt(0) != '-'
              && label.charAt(label.length() - 1) != '-'
              && label.chars().allMatch(SiteName::inLabel);
      if (!good) {
        return false;
      }
    }
    String last = labels[labels.length - 1];
    // 127.1, 0x7f000001 and the like are addresses to some resolvers
    return labels.length > 1 && !Character.isDigit(last.charAt(0));
  }

  private static boolean inLabel(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  private static boolean isPath(String path) {
    return path.length() <= 2048 && path.chars().allMatch(SiteName::inPath);
  }

  private static boolean inPath(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "/-._~!$&'()*+,;=:@%".indexOf(c) >= 0;
  }

  /** Where a provider says how it works (OpenID Connect Discovery 1.0, section 4). */
  public static String discovery(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return base + "/.well-known/openid-configuration";
  }
}
