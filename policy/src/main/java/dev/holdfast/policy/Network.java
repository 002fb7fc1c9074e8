// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import org.jspecify.annotations.Nullable;

/**
 * An IP range in CIDR form (RFC 4632); a bare address is a range of one.
 *
 * <p>IPv4 addresses written inside IPv6 ({@code ::ffff:a.b.c.d}) count as IPv4. No name is ever
 * resolved.
 */
record Network(boolean v6, long high, long low, int bits) {

  /** The range in {@code text}, or null where it is none. */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    long[] halves = new long[2];
    boolean v6 = address.indexOf(':') >= 0;
    if (address.length() > 45 || !(v6 ? v6(address, halves) : v4(address, halves))) {
      return null;
    }
    int width = v6 ? 128 : 32;
    int bits = slash < 0 ? width : decimal(text.substring(slash + 1), width);
    if (bits < 0) {
      return null;
    }
    if (v6 && halves[0] == 0 && halves[1] >>> 32 == 0xFFFF && bits >= 96) {
      v6 = false;
      bits -= 96;
      halves[1] &= 0xFFFF_FFFFL;
    }
    return v6
        ? new Network(true, halves[0] & mask(bits), halves[1] & mask(bits - 64), bits)
        : new Network(false, 0, halves[1] & mask(bits + 32), bits);
  }

  /** Whether the other range lies within this one. */
  boolean contains(Network other) {
    if (v6 != other.v6 || other.bits < bits) {
      return false;
    }
    return v6
        ? (other.high & mask(bits)) == high && (other.low & mask(bits - 64)) == low
        : (other.low & mask(bits + 32)) == low;
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= 64 ? -1L : -1L << (64 - bits);
  }

  /**
   * A number of at most three digits up to {@code most}, or -1; a leading zero, which some read as
   * octal, makes it none.
   */
  private static int decimal(String text, int most) {
    if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value <= most ? value : -1;
  }

  private static boolean v4(String text, long[] halves) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    long value = 0;
    for (String part : parts) {
      int octet = decimal(part, 255);
      if (octet < 0) {
        return false;
      }
      value = value << 8 | octet;
    }
    halves[1] = value;
    return true;
  }

  private static boolean v6(String text, long[] halves) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::")) {
      return false;
    }
    int[] groups = new int[8];
    if (gap < 0) {
      return groups(text, groups) == 8 && fill(groups, halves);
    }
    if (text.indexOf('.') >= 0 && text.indexOf('.') < gap) {
      return false; // what is dotted stands for the last groups, which are not before a gap
    }
    int[] tail = new int[8];
    int head = groups(text.substring(0, gap), groups);
    int last = groups(text.substring(gap + 2), tail);
    if (head < 0 || last < 0 || head + last > 7) {
      return false;
    }
    System.arraycopy(tail, 0, groups, 8 - last, last);
    return fill(groups, halves);
  }

  private static boolean fill(int[] groups, long[] halves) {
    for (int i = 0; i < 8; i++) {
      halves[i / 4] = halves[i / 4] << 16 | groups[i];
    }
    return true;
  }

  /** Reads groups of hex digits, the last perhaps dotted; their number, or -1. */
  private static int groups(String text, int[] groups) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        long[] dotted = new long[2];
        if (count > 6 || !v4(parts[i], dotted)) {
          return -1;
        }
        groups[count++] = (int) (dotted[1] >>> 16);
        groups[count++] = (int) (dotted[1] & 0xFFFF);
      } else {
        int group = count > 7 ? -1 : hex(parts[i]);
        if (group < 0) {
          return -1;
        }
        groups[count++] = group;
      }
    }
    return count;
  }

  private static int hex(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
