// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.http.Exchange;
import dev.holdfast.service.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;

/** Reads what the door needs from an exchange. */
final class Requests {
  private Requests() {}

  /** The request as its signature saw it. */
  static SignedRequest signed(Exchange exchange) {
    return new SignedRequest(
        exchange.method(),
        exchange.rawPath(),
        exchange.rawQuery(),
        exchange.headers().stream()
            .map(h -> new SignedRequest.Header(h.name(), h.value()))
            .toList());
  }

  /** Whether a body follows, as far as the headers say. */
  static boolean announcesBody(Exchange exchange) {
    String length = exchange.header("content-length");
    return exchange.header("transfer-encoding") != null || (length != null && !length.equals("0"));
  }

  /** The whole body, or empty where it is larger than {@code limit} bytes. */
  static Optional<byte[]> body(Exchange exchange, int limit) throws IOException {
    String declared = exchange.header("content-length");
    if (declared != null && declared.length() > 9) {
      return Optional.empty();
    }
    // Asks for no more than is announced: a buffer for more would cost more than most requests do.
    int most = declared == null ? limit : Math.min(limit, length(declared));
    byte[] bytes = exchange.body().readNBytes(most + 1);
    return bytes.length > limit ? Optional.empty() : Optional.of(bytes);
  }

  /** The length that a header announces; the server has refused what is no number. */
  private static int length(String declared) {
    try {
      return Integer.parseInt(declared);
    } catch (NumberFormatException _) {
      return Integer.MAX_VALUE;
    }
  }

  static Origin origin(Exchange exchange) {
    String agent = exchange.header("user-agent");
    if (exchange.remote() instanceof InetSocketAddress address) {
      InetAddress ip = address.getAddress();
      return new Origin(text(ip), agent == null ? "" : agent, ip.isLoopbackAddress());
    }
    return new Origin("127.0.0.1", agent == null ? "" : agent, true);
  }

  /** The address; an IPv4 address inside IPv6 is written as what it is. */
  private static String text(InetAddress address) {
    byte[] raw = address.getAddress();
    boolean mapped = raw.length == 16 && raw[10] == -1 && raw[11] == -1;
    try {
      return (mapped ? InetAddress.getByAddress(Arrays.copyOfRange(raw, 12, 16)) : address)
          .getHostAddress();
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
