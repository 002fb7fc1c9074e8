// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.http.Exchange;
import dev.holdfast.service.BodyRoom;
import dev.holdfast.service.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what the door needs from an exchange. */
final class Requests {
  /** Characters of a {@code User-Agent} that are audited, as by CloudTrail. */
  private static final int LONGEST_AGENT = 1024;

  /** The first buffer of a body without an announced length. */
  private static final int FIRST = 4 * 1024;

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

  /**
   * A body, or why it was not read.
   *
   * @param bytes empty where there is a refusal
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Body(byte[] bytes, @Nullable CommonError refusal) {
    static Body refused(CommonError why) {
      return new Body(new byte[0], why);
    }
  }

  /**
   * Reads the whole body.
   *
   * @param limit bytes that it may have
   * @param hold what it takes of the memory for all bodies
   */
  static Body body(Exchange exchange, int limit, BodyRoom.Hold hold) throws IOException {
    String declared = exchange.header("content-length");
    int announced = declared == null ? -1 : length(declared);
    if (announced > limit) {
      return Body.refused(CommonError.REQUEST_TOO_LARGE);
    }
    InputStream in = exchange.body();
    // No more than is announced: a buffer for more would cost more than most requests do. And no
    // more at first than is small, since what is announced need not come.
    byte[] bytes = new byte[announced < 0 ? FIRST : Math.min(announced, BodyRoom.SMALL)];
    int size = in.readNBytes(bytes, 0, bytes.length);
    while (size == bytes.length && size != announced) {
      int more = Math.min(announced < 0 ? limit + 1 : announced, 2 * size);
      if (size > limit) {
        return Body.refused(CommonError.REQUEST_TOO_LARGE);
      }
      if (!hold.grow(more)) {
        return Body.refused(CommonError.SERVICE_UNAVAILABLE);
      }
      bytes = Arrays.copyOf(bytes, more);
      size += in.readNBytes(bytes, size, more - size);
    }
    return new Body(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), null);
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
    String agent = clipped(exchange.header("user-agent"));
    if (exchange.remote() instanceof InetSocketAddress address) {
      InetAddress ip = address.getAddress();
      return new Origin(
          text(ip), agent == null ? "" : agent, exchange.tls() != null || ip.isLoopbackAddress());
    }
    return new Origin("127.0.0.1", agent == null ? "" : agent, true);
  }

  private static @Nullable String clipped(@Nullable String agent) {
    return agent == null || agent.length() <= LONGEST_AGENT
        ? agent
        : agent.substring(0, LONGEST_AGENT);
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
