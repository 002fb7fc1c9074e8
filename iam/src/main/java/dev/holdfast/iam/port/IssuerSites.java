// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.port;

import dev.holdfast.kit.AccountId;
import java.io.IOException;
import java.util.List;

/**
 * The sites of identity providers, over TLS alone. Time, size and the addresses that may be reached
 * are bounded; redirects are not followed.
 */
public interface IssuerSites {

  /**
   * Thrown where a site shows a certificate that neither an authority nor a thumbprint vouches for.
   */
  final class NotTrusted extends IOException {
    private static final long serialVersionUID = 1;

    public NotTrusted(String message) {
      super(message);
    }
  }

  /** Thrown where a site was not asked, as too many are being asked. */
  final class Busy extends IOException {
    private static final long serialVersionUID = 1;

    public Busy(String message) {
      super(message);
    }
  }

  /** Reaches nobody: for a directory that is worked on while no platform runs. */
  IssuerSites NONE =
      new IssuerSites() {
        @Override
        public byte[] get(AccountId whose, String url, List<String> thumbprints, int most)
            throws IOException {
          throw new IOException("no site is reached from here");
        }

        @Override
        public String thumbprint(AccountId whose, String host) throws IOException {
          throw new IOException("no site is reached from here");
        }
      };

  /**
   * What is found at an address.
   *
   * @param whose account it is asked for
   * @param url begins with {@code https://}
   * @param thumbprints SHA-1 in hex of the last certificates that the site may show where no
   *     well-known authority vouches for it
   * @param most bytes
   * @throws Busy where it was not asked at all
   * @throws NotTrusted where its certificate is not good
   * @throws IOException where it cannot be had
   */
  byte[] get(AccountId whose, String url, List<String> thumbprints, int most) throws IOException;

  /**
   * The SHA-1 in hex of the last certificate that a host shows.
   *
   * @throws IOException where it shows none
   */
  String thumbprint(AccountId whose, String host) throws IOException;
}
