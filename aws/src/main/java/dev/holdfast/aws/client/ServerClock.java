// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The clock that requests are signed by: this machine's, and where a server refuses a signature for
 * its time, what that server's is ahead of it by the {@code Date} of the refusal, as AWS's SDKs do
 * it. Only what a server says that is known to be the right one is taken, and at most a day.
 */
public final class ServerClock implements InstantSource {
  private static final System.Logger LOG = System.getLogger("clock");

  /** Sessions that are issued further ahead are refused anyway. */
  static final Duration LONGEST = Duration.ofDays(1);

  /** The {@code Date} is of whole seconds, and an answer is under way for some. */
  private static final Duration SAME = Duration.ofSeconds(10);

  private static final Pattern SKEWED =
      Pattern.compile("RequestTimeTooSkewed|Signature (?:expired|not yet current): ");

  private final InstantSource own;
  private final boolean known;
  private volatile Duration ahead = Duration.ZERO;

  /**
   * A clock that goes by this machine's until a server refuses it.
   *
   * @param known whether it is known that nobody but the server answers: by TLS, or since it is on
   *     this machine
   */
  public ServerClock(InstantSource own, boolean known) {
    this.own = own;
    this.known = known;
  }

  @Override
  public Instant instant() {
    return own.instant().plus(ahead);
  }

  /**
   * Hears a refusal.
   *
   * @param answer its body
   * @param date its header {@code Date}
   * @return whether this clock has changed for it, so that it is worth while to sign again
   */
  public boolean refused(String answer, Optional<String> date) {
    if (!known || date.isEmpty() || !SKEWED.matcher(answer).find()) {
      return false;
    }
    Duration told;
    try {
      Instant server = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get()));
      told = Duration.between(own.instant(), server);
    } catch (DateTimeException _) {
      return false;
    }
    if (told.abs().compareTo(LONGEST) > 0 || told.minus(ahead).abs().compareTo(SAME) < 0) {
      return false;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "the platform''s clock is {0} s ahead of this machine''s: requests are signed by it",
        told.toSeconds());
    ahead = told;
    return true;
  }
}
