// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.hosts;

import java.util.List;

/**
 * Where a platform listens.
 *
 * @param bind the loopback address of the plain listener
 * @param port its TCP port, 0 for any free one
 * @param outward the addresses of TLS listeners, which others can reach
 * @param names what others call this machine, beside its addresses
 * @param issuers identity providers that are called at an address which the operator said
 */
public record Listen(
    String bind, int port, List<Address> outward, List<String> names, List<Issuer> issuers) {
  /** The port of TLS where none is said. */
  public static final int TLS_PORT = 4567;

  /** An address and its TCP port, 0 for any free one. */
  public record Address(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * An identity provider on a network of the operator's.
   *
   * @param name its host, in lower case
   */
  public record Issuer(String name, Address at) {
    @Override
    public String toString() {
      return name + "=" + at;
    }
  }

  public Listen {
    outward = List.copyOf(outward);
    names = List.copyOf(names);
    issuers = List.copyOf(issuers);
  }

  /** The loopback address alone. */
  public static Listen loopback(String bind, int port) {
    return new Listen(bind, port, List.of(), List.of(), List.of());
  }
}
