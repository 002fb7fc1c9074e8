// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Tells addresses of the Internet from those of this machine, of its networks, and from those that
 * mean something else.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IANA's
 *     special-purpose addresses, IPv4</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry/">and IPv6</a>
 */
public final class PublicAddress {
  private PublicAddress() {}

  public static boolean is(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int a = bytes[0] & 0xff;
    int b = bytes[1] & 0xff;
    int c = bytes[2] & 0xff;
    boolean special =
        a == 0
            || a == 10
            || a == 127
            || a >= 224
            || (a == 100 && b >= 64 && b < 128) // carriers' own
            || (a == 169 && b == 254)
            || (a == 172 && b >= 16 && b < 32)
            || (a == 192 && b == 168)
            || (a == 192 && b == 0 && (c == 0 || c == 2))
            || (a == 192 && b == 88 && c == 99)
            || (a == 198 && (b == 18 || b == 19))
            || (a == 198 && b == 51 && c == 100)
            || (a == 203 && b == 0 && c == 113);
    return !special;
  }

  /** Of what is assigned (2000::/3), without what carries an address of IPv4, or documentation. */
  private static boolean isPublic6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    boolean special =
        (first == 0x2001 && second < 0x0200) // Teredo, benchmarks, ORCHID
            || (first == 0x2001 && second == 0x0db8)
            || first == 0x2002 // 6to4
            || (first == 0x3fff && second < 0x1000);
    return (first & 0xe000) == 0x2000 && !special;
  }
}
