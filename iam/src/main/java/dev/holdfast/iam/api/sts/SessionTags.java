// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.model.Federation;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.service.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tags of a session along a chain of roles.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html">Session
 *     tags</a>
 */
final class SessionTags {
  /** What the platform itself carries on, so that no chain of roles leaves an environment. */
  private static final List<String> CARRIED = List.of(Principal.ENVIRONMENT, Sessions.TASK_TAG);

  private SessionTags() {}

  /** Whether the caller's session hands on tags that somebody chose to be transitive. */
  static boolean inheritsChosen(Principal principal) {
    Principal.Session session = principal.session();
    return session != null
        && session.transitive().keySet().stream().anyMatch(key -> !CARRIED.contains(key));
  }

  /** Refuses keys that shall be transitive and are none of the tags that are given. */
  static void requireGiven(Map<String, String> given, List<String> transitive) {
    for (String key : transitive) {
      if (given.keySet().stream().noneMatch(key::equalsIgnoreCase)) {
        throw StsWire.invalid(
            "The specified transitive tag key must be included in the requested tags.");
      }
    }
  }

  /** What a session of a role carries: the tags that are given, and those that are inherited. */
  static SessionDocument document(
      Principal principal,
      Map<String, String> given,
      List<String> passedOn,
      SessionLimits limits,
      @Nullable Federation federation) {
    requireGiven(given, passedOn);
    Map<String, String> inherited = inherited(principal);
    for (String key : given.keySet()) {
      if (inherited.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
        throw StsWire.invalid(
            "One of the specified transitive tag keys can't be set because it conflicts with a"
                + " transitive tag key from the calling session.");
      }
    }
    var tags = new LinkedHashMap<>(given);
    tags.putAll(inherited);
    var transitive = new ArrayList<>(inherited.keySet());
    given.keySet().stream()
        .filter(key -> passedOn.stream().anyMatch(key::equalsIgnoreCase))
        .forEach(transitive::add);
    return new SessionDocument(limits.policy(), limits.policyArns(), tags, transitive, federation);
  }

  private static Map<String, String> inherited(Principal principal) {
    var inherited = new LinkedHashMap<String, String>();
    Principal.Session session = principal.session();
    if (session != null) {
      inherited.putAll(session.transitive());
    }
    for (String key : CARRIED) {
      String value = principal.tags().get(key);
      if (value != null) {
        inherited.put(key, value);
      }
    }
    return inherited;
  }
}
