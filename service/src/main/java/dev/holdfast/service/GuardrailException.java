// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Says that a guardrail lets something pass for a time.
 *
 * @param account the operator's, whose audit tells of it
 * @param guardrail its id
 * @param resource an ARN or an image's name, {@code *} for any run of characters; null for any
 * @param principal an ARN likewise; null for anybody
 * @param from what was refused before stays refused, also where a clock goes back
 * @param until when the guardrail rises again
 * @param reason in the operator's words
 */
public record GuardrailException(
    String id,
    AccountId account,
    String guardrail,
    @Nullable String resource,
    @Nullable String principal,
    Instant from,
    Instant until,
    String reason) {

  /** Whether it holds at an instant. */
  public boolean holds(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }

  /** Whether it is over for good. */
  boolean over(Instant now) {
    return !now.isBefore(until);
  }

  /** Whether it is about a violation of its guardrail. */
  boolean covers(Guardrail rule, Guardrails.About about) {
    return rule.id().equals(guardrail)
        && covers(resource, about.resources())
        && (resource == null
            || !about.whole()
            || about.resources().stream().allMatch(text -> matches(resource, text)))
        && covers(principal, about.principals());
  }

  private static boolean covers(@Nullable String pattern, Collection<String> texts) {
    return pattern == null || texts.stream().anyMatch(text -> matches(pattern, text));
  }

  /** Greedy, so in time like the product of both lengths at most. */
  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** For people. */
  public String text() {
    return guardrail
        + " is lowered"
        + (resource == null ? "" : " for the resource " + resource)
        + (principal == null ? "" : " for the principal " + principal)
        + " until "
        + until
        + ": "
        + reason
        + " (exception "
        + id
        + ")";
  }
}
