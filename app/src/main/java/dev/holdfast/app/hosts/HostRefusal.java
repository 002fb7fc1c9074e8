// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

/** Why a host or its operator is refused, in words for them. */
public final class HostRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One text for every code that is not good: whoever guesses learns nothing. */
  static final String CODE =
      "the join code is not good: it was used, is older than an hour, or never was one";

  /** To whoever has no good code or certificate, where many such came. */
  static final String TOO_MANY =
      "this is refused, and too many such attempts came to say more; try again in a minute";

  private final boolean removed;

  HostRefusal(String why) {
    this(why, false);
  }

  private HostRefusal(String why, boolean removed) {
    super(why);
    this.removed = removed;
  }

  /** To a host that proved itself and belongs to the platform no more. */
  static HostRefusal removed() {
    return new HostRefusal("this host was removed from the platform", true);
  }

  /** The HTTP status that says so. */
  int status() {
    return removed ? 410 : 403;
  }
}
