// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * How many wrong attempts of strangers are answered at length and written down: so many a minute
 * from one address, so many in all, of so many addresses. What is beyond is refused in a word. It
 * bounds what attempts cost (the audit above all), and nobody who has a right code or key is ever
 * asked: strangers together can spend all there is, and must keep nobody out. Thread-safe.
 *
 * <p>Guessing is bounded by the length of what is guessed, not here. A join code is an id and 160
 * random bits that are good for an hour: whoever tries 10^6 codes a second for that hour, against
 * each of the 100 that may be open, hits one with probability 3.6 * 10^9 / 2^160, less than 10^-38
 * (a guess names one id, so it is made against one code). An activation has a UUID that its account
 * may list and a code of 120 random bits, for up to 30 days: 2.6 * 10^12 / 2^120, less than 10^-23.
 *
 * <p>An address of IPv6 counts by its first 64 bits, the least that anybody is given.
 */
final class JoinLimit {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int EACH = 10;
  private static final int ALL = 300;
  private static final int PREFIX = Long.BYTES;

  /** At most {@link #ALL} entries, since each has a try at least. */
  private final Map<String, Integer> tries = new HashMap<>();

  private int all;
  private long began;

  /**
   * Counts a wrong attempt.
   *
   * @param now nanoseconds of a clock that only goes forward
   * @return whether it is written down; else it is one too many
   */
  synchronized boolean admits(String address, long now) {
    if (all == 0 || now - began >= MINUTE) {
      tries.clear();
      all = 0;
      began = now;
    }
    String from = network(address);
    int own = tries.getOrDefault(from, 0);
    if (own >= EACH || all >= ALL) {
      return false;
    }
    tries.put(from, own + 1);
    all++;
    return true;
  }

  /** What an address counts as. */
  static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int zone = address.indexOf('%');
    try {
      InetAddress read = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
      return read instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(read.getAddress(), PREFIX)) + "/64"
          : read.getHostAddress();
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
