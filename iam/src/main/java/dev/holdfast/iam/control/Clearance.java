// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ErrorShape;
import dev.holdfast.iam.control.PolicyGuard.Judged;
import dev.holdfast.service.Call;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Principal;
import java.util.List;
import java.util.Map;

/**
 * Keeps classified data to those who are cleared for it: what is tagged {@code classification} is
 * read only by a principal whose own tag of that name says the same, whatever its policies say.
 *
 * <p>A principal may be cleared for several: its tag holds them with spaces between.
 */
final class Clearance {
  /** On a resource: what it is classified as. On a user or role: what it is cleared for. */
  static final String TAG = "classification";

  private static final String TAG_KEYS = "aws:TagKeys";
  private static final String REQUEST_TAG = "aws:RequestTag/" + TAG;

  private final Guardrails guardrails;

  Clearance(Guardrails guardrails) {
    this.guardrails = guardrails;
  }

  void check(Call call, Judged judged, ErrorShape error) {
    Principal principal = call.principal();
    String action = judged.demand().action();
    if (action.startsWith("iam:")) {
      clearing(call, judged, error);
    } else if (action.startsWith("sts:")) {
      session(call, judged, error);
    } else {
      String its = judged.tags().get(TAG);
      boolean closed = its != null && !cleared(principal, its);
      if (closed && judged.demand().reads()) {
        violated(
            call,
            judged,
            error,
            "it is classified as `"
                + its
                + "` and the caller is not cleared for that; a principal with the tag"
                + " `classification` of this value may read it");
      }
      if (closed && given(judged, TAG_KEYS).contains(TAG)) {
        violated(
            call,
            judged,
            error,
            "whoever is not cleared for `"
                + its
                + "` may not change or remove the tag `classification`");
      }
    }
  }

  private static boolean cleared(Principal principal, String classification) {
    String own = principal.tags().get(TAG);
    return own != null
        && (own.equals(classification) || List.of(own.split(" ", -1)).contains(classification));
  }

  /** Nobody clears themselves: who is cleared is for others to say. */
  private void clearing(Call call, Judged judged, ErrorShape error) {
    boolean own = judged.demand().resource().equals(call.principal().identity().arn().toString());
    if (own && given(judged, TAG_KEYS).contains(TAG)) {
      violated(
          call,
          judged,
          error,
          "nobody changes their own clearance, the tag `classification`; another principal may");
    }
  }

  /** A session is cleared for what its role is, or for what its opener is already. */
  private void session(Call call, Judged judged, ErrorShape error) {
    List<String> asked = given(judged, REQUEST_TAG);
    if (!asked.isEmpty()
        && !asked.getFirst().equals(judged.tags().get(TAG))
        && !cleared(call.principal(), asked.getFirst())) {
      violated(
          call,
          judged,
          error,
          "the caller is not cleared for `"
              + asked.getFirst()
              + "` and may not tag a session so; leave the session tag out, or assume a role that"
              + " is cleared");
    }
  }

  private static List<String> given(Judged judged, String key) {
    for (Map.Entry<String, List<String>> entry : judged.demand().keys().entrySet()) {
      if (entry.getKey().equalsIgnoreCase(key)) {
        return entry.getValue();
      }
    }
    return List.of();
  }

  private void violated(Call call, Judged judged, ErrorShape error, String why) {
    guardrails.violated(
        call,
        Guardrail.CLASSIFIED_DATA,
        error,
        judged.demand().resource(),
        judged.refused(call, why));
  }
}
