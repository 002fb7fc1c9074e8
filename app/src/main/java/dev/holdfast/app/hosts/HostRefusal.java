// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

/** Why a host or its operator is refused, in words for them. */
public final class HostRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One text for every code that is not good: whoever guesses learns nothing. */
  static final String CODE =
      "the join code is not good: it was used, is older than an hour, or never was one";

  HostRefusal(String why) {
    super(why);
  }
}
