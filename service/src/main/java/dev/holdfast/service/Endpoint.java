// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/**
 * How clients reach this platform: the one place that URLs and registry names come from.
 *
 * @param authority host and port, such as {@code 127.0.0.1:4566}
 */
public record Endpoint(String scheme, String authority) {
  /** The base of every API. */
  public String url() {
    return scheme + "://" + authority;
  }

  /** What an image reference begins with. */
  public String registry() {
    return authority;
  }
}
