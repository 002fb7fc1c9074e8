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
    if (!v6) {
      halves[1] = v4(address, 0, address.length());
    }
    if (address.length() > 45 || !(v6 ? v6(address, halves) : halves[1] >= 0)) {
      return null;
    }
    int width = v6 ? 128 : 32;
    int bits = slash < 0 ? width : decimal(text, slash + 1, text.length(), width);
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

  /** Whether an IPv4 address, as {@link #v4} reads it, lies within this range. */
  boolean containsV4(long address) {
    return !v6 && (address & mask(bits + 32)) == low;
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
  private static int decimal(String text, int from, int to, int most) {
    int length = to - from;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value <= most ? value : -1;
  }

  /** The 32 bits of a dotted address within a text, or -1 where there is none. */
  static long v4(String text, int from, int to) {
    long value = 0;
    int at = from;
    for (int part = 0; part < 4; part++) {
      int end = at;
      while (end < to && text.charAt(end) != '.') {
        end++;
      }
      int octet = decimal(text, at, end, 255);
      if (octet < 0 || (part < 3 && end == to) || (part == 3 && end < to)) {
        return -1;
      }
      value = value << 8 | octet;
      at = end + 1;
    }
    return value;
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
        long dotted = count > 6 ? -1 : v4(parts[i], 0, parts[i].length());
        if (dotted < 0) {
          return -1;
        }
        groups[count++] = (int) (dotted >>> 16);
        groups[count++] = (int) (dotted & 0xFFFF);
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
