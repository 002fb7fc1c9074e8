// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import dev.holdfast.policy.literal.LiteralOperator.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Addresses and networks as texts of bits. */
final class LiteralNetwork {
  private static final String MAPPED = "0".repeat(80) + "1".repeat(16);

  private LiteralNetwork() {}

  /** Whether an address lies in a network. */
  static Answer within(String address, String network, Set<Mutant> mutants) {
    String single = address.contains("/") ? null : range(address);
    String range = range(network);
    if (single == null || range == null) {
      return Answer.UNCOMPARABLE;
    }
    String requested = single.substring(0, single.indexOf('/'));
    int prefix = Integer.parseInt(range.substring(range.indexOf('/') + 1));
    String listed = range.substring(0, range.indexOf('/'));
    if (requested.length() != listed.length()) {
      return Answer.NO;
    }
    int compared = mutants.contains(Mutant.PREFIX_IGNORED) ? listed.length() : prefix;
    return Answer.of(requested.substring(0, compared).equals(listed.substring(0, compared)));
  }

  /** {@code 0101.../24}, or null where the text is no network. */
  static @Nullable String range(String network) {
    int slash = network.indexOf('/');
    String bits = bits(slash < 0 ? network : network.substring(0, slash));
    if (bits == null) {
      return null;
    }
    String prefix = slash < 0 ? "" + bits.length() : network.substring(slash + 1);
    if (!prefix.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(prefix) > bits.length()) {
      return null;
    }
    // IPv4 within IPv6 is IPv4.
    return bits.length() == 128 && bits.startsWith(MAPPED) && Integer.parseInt(prefix) >= 96
        ? bits.substring(96) + "/" + (Integer.parseInt(prefix) - 96)
        : bits + "/" + prefix;
  }

  /** The 32 or 128 bits of an address, or null where the text is none. */
  private static @Nullable String bits(String address) {
    return address.contains(":") ? six(address) : four(address);
  }

  private static @Nullable String four(String address) {
    String[] numbers = address.split("\\.", -1);
    if (numbers.length != 4) {
      return null;
    }
    var bits = new StringBuilder();
    for (String number : numbers) {
      if (!number.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(number) > 255) {
        return null;
      }
      bits.append(binary(Integer.parseInt(number), 8));
    }
    return bits.toString();
  }

  /** RFC 4291 section 2.2: eight groups, one run of zeros left out, the end perhaps as IPv4. */
  private static @Nullable String six(String address) {
    int gap = address.indexOf("::");
    if (gap < 0) {
      String all = groups(address);
      return all != null && all.length() == 128 ? all : null;
    }
    String before = groups(address.substring(0, gap));
    String after = groups(address.substring(gap + 2));
    if (before == null || after == null || before.length() + after.length() > 112) {
      return null;
    }
    return before + "0".repeat(128 - before.length() - after.length()) + after;
  }

  private static @Nullable String groups(String text) {
    if (text.isEmpty()) {
      return "";
    }
    var bits = new StringBuilder();
    List<String> groups = new ArrayList<>(List.of(text.split(":", -1)));
    for (int i = 0; i < groups.size(); i++) {
      String group = groups.get(i);
      if (i == groups.size() - 1 && group.contains(".")) {
        String four = four(group);
        if (four == null) {
          return null;
        }
        bits.append(four);
      } else if (group.matches("[0-9A-Fa-f]{1,4}")) {
        bits.append(binary(Integer.parseInt(group, 16), 16));
      } else {
        return null;
      }
    }
    return bits.toString();
  }

  private static String binary(int value, int width) {
    String digits = Integer.toBinaryString(value);
    return "0".repeat(width - digits.length()) + digits;
  }
}
