// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.events;

import dev.holdfast.http.outbound.PublicAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a receiver, and which addresses may be one. It is https, or plain http on loopback
 * alone, where no wire is.
 *
 * @param target path and query, as they are sent
 * @param near whether private addresses are allowed
 */
record Receiver(boolean tls, String host, int port, String target, boolean near) {
  private static final int LONGEST = 2000;

  /** Thrown for an address that events are not sent to. */
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String why) {
      super(why);
    }
  }

  /**
   * Reads a URL.
   *
   * @throws Unfit where it is none that events are sent to
   */
  static Receiver of(String text, boolean near) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new Unfit("this is no URL");
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String host = url.getHost();
    boolean plain = scheme.equals("http");
    if (text.length() > LONGEST || host == null || !(plain || scheme.equals("https"))) {
      throw new Unfit("a receiver has an https URL (or http on 127.0.0.1)");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new Unfit(
          "no user, password or fragment in the URL: deliveries are signed, that is how they are"
              + " known");
    }
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    int port = url.getPort() > 0 ? url.getPort() : plain ? 80 : 443;
    if (plain && !loopback(host)) {
      throw new Unfit("plain http is spoken on loopback alone: use https");
    }
    if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new Unfit("a URL has visible ASCII characters alone");
    }
    return new Receiver(!plain, bare(host), port, path + query, near);
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static boolean loopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** The URL without path and query, which are often a secret themselves. */
  static String shown(String text) {
    Receiver receiver;
    try {
      receiver = of(text, true);
    } catch (Unfit _) {
      return "";
    }
    return (receiver.tls() ? "https://" : "http://") + receiver.authority();
  }

  /** What the {@code Host} header says. */
  String authority() {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }

  /**
   * The address to connect to, looked up anew: the connection goes to this very address, whatever
   * the name means a moment later.
   *
   * @throws Unfit where the name leads to an address that events are not sent to
   */
  InetAddress address() throws IOException {
    InetAddress[] all = InetAddress.getAllByName(host);
    for (InetAddress address : all) {
      String why = refusal(address);
      if (why != null) {
        throw new Unfit(host + " is " + address.getHostAddress() + ", " + why);
      }
    }
    return all[0];
  }

  private @Nullable String refusal(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return loopback(host.indexOf(':') < 0 ? host : "[" + host + "]") || near
          ? null
          : "which is this machine";
    }
    if (!tls) {
      return "and plain http is spoken on loopback alone";
    }
    if (PublicAddress.is(address)) {
      return null;
    }
    if (!isPrivate(address)) {
      return "to which nothing is sent";
    }
    return near ? null : "a private address: allow it with --private";
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] raw = address.getAddress();
    boolean unique = raw.length == 16 && (raw[0] & 0xfe) == 0xfc;
    boolean shared = raw.length == 4 && raw[0] == 100 && (raw[1] & 0xc0) == 64;
    return address.isSiteLocalAddress() || unique || shared;
  }
}
