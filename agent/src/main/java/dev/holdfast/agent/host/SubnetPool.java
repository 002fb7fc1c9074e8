// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import java.util.Collection;
import java.util.Optional;

/**
 * The IPv4 range that task networks are cut from, in pieces of sixteen addresses: enough for the
 * ten containers that a task may have.
 */
public record SubnetPool(int base, int prefix) {
  private static final int PIECE = 28;
  private static final int SIZE = 1 << (32 - PIECE);

  /** A range of addresses. */
  public record Subnet(int base, int prefix) {
    /**
     * Reads {@code a.b.c.d/n}; host bits are cleared.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Subnet parse(String text) {
      int slash = text.indexOf('/');
      String[] parts = text.substring(0, slash < 0 ? text.length() : slash).split("\\.", -1);
      if (parts.length != 4) {
        throw new IllegalArgumentException("no IPv4 range: " + text);
      }
      int address = 0;
      for (String part : parts) {
        int octet = Integer.parseInt(part);
        if (octet < 0 || octet > 255) {
          throw new IllegalArgumentException("no IPv4 range: " + text);
        }
        address = address << 8 | octet;
      }
      int prefix = slash < 0 ? 32 : Integer.parseInt(text.substring(slash + 1));
      if (prefix < 0 || prefix > 32) {
        throw new IllegalArgumentException("no IPv4 range: " + text);
      }
      return new Subnet(address & mask(prefix), prefix);
    }

    /** Whether any address is in both. */
    public boolean overlaps(Subnet other) {
      int shared = mask(Math.min(prefix, other.prefix));
      return (base & shared) == (other.base & shared);
    }

    /** The first address after the network's own. */
    public String gateway() {
      return dotted(base + 1);
    }

    @Override
    public String toString() {
      return dotted(base) + "/" + prefix;
    }
  }

  /** The pool {@code a.b.c.d/n}; at most /28. */
  public static SubnetPool parse(String text) {
    Subnet range = Subnet.parse(text);
    if (range.prefix() > PIECE) {
      throw new IllegalArgumentException("a subnet pool must have sixteen addresses or more");
    }
    return new SubnetPool(range.base(), range.prefix());
  }

  /**
   * The first free piece at or after a starting point, so that two installations that share a pool
   * begin in different places.
   *
   * @param taken what networks and interfaces of the host occupy
   */
  public Optional<Subnet> next(Collection<Subnet> taken, int start) {
    int pieces = 1 << (PIECE - prefix);
    for (int i = 0; i < pieces; i++) {
      int index = Math.floorMod(start + i, pieces);
      var piece = new Subnet(base + index * SIZE, PIECE);
      if (taken.stream().noneMatch(piece::overlaps)) {
        return Optional.of(piece);
      }
    }
    return Optional.empty();
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (32 - prefix);
  }

  private static String dotted(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 255)
        + "."
        + (address >>> 8 & 255)
        + "."
        + (address & 255);
  }
}
