// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.neighbours;

import dev.holdfast.http.outbound.OutboundHttps;
import dev.holdfast.iam.Iam;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.kit.AccountId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The sites of identity providers as IAM needs them. */
public record OutboundSites(OutboundHttps https) implements IssuerSites {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * The Internet, and hosts that the operator named.
   *
   * @param known where these live, by name in lower case
   */
  public static OutboundSites of(Map<String, InetSocketAddress> known) {
    return new OutboundSites(new OutboundHttps(known, PATIENCE));
  }

  /**
   * All that IAM asks of others.
   *
   * @param address the base of every API, as others reach this platform
   */
  public static Iam.Neighbours neighbours(
      Map<String, InetSocketAddress> known, Supplier<String> address) {
    return new Iam.Neighbours(of(known), new ClusterUses(), address);
  }

  @Override
  public byte[] get(AccountId whose, String url, List<String> thumbprints, int most)
      throws IOException {
    try {
      return https.get(whose, URI.create(url), thumbprints, most);
    } catch (OutboundHttps.NotTrusted e) {
      throw new NotTrusted(String.valueOf(e.getMessage()));
    } catch (OutboundHttps.Busy e) {
      throw new Busy(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new IOException("this is no address", e);
    }
  }

  @Override
  public String thumbprint(AccountId whose, String host) throws IOException {
    return https.thumbprint(whose, host);
  }
}
