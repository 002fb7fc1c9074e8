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
import org.jspecify.annotations.Nullable;

/**
 * Keeps environments apart: a principal that belongs to one reads nothing of another and does not
 * move anything between them, whatever its policies say.
 */
final class EnvironmentLeak {
  private static final String TAG_KEYS = "aws:TagKeys";
  private static final String REQUEST_TAG = "aws:RequestTag/" + Principal.ENVIRONMENT;

  /** What hands out power that no session of the caller's carries its environment into. */
  private static final String NEW_KEY = "iam:CreateAccessKey";

  private final Guardrails guardrails;

  EnvironmentLeak(Guardrails guardrails) {
    this.guardrails = guardrails;
  }

  void check(Call call, Judged judged, ErrorShape error) {
    Principal principal = call.principal();
    String mine = principal.environment();
    boolean task = principal.tags().containsKey(Sessions.TASK_TAG);
    String its = judged.tags().get(Principal.ENVIRONMENT);
    String given = sessionEnvironment(judged);
    if (judged.demand().reads() && its != null && !its.equals(mine) && (mine != null || task)) {
      violated(
          call,
          judged,
          error,
          "it belongs to the environment `"
              + its
              + "` and the caller "
              + (mine == null ? "to none" : "to `" + mine + "`")
              + "; use a resource of the caller's own environment, or one without an environment");
    }
    if (mine != null && touchesTag(judged)) {
      violated(
          call,
          judged,
          error,
          "a principal of the environment `"
              + mine
              + "` may not set, change or remove the tag `environment`; use a principal without an"
              + " environment, such as the one that deploys");
    }
    if (its != null && given != null && !its.equals(given)) {
      violated(
          call,
          judged,
          error,
          "the role belongs to the environment `"
              + its
              + "` and its session may not be tagged with `"
              + given
              + "`; leave the session tag out, or assume a role of that environment");
    }
    if (mine != null && judged.demand().action().equals(NEW_KEY) && !mine.equals(its)) {
      violated(
          call,
          judged,
          error,
          "a principal of the environment `"
              + mine
              + "` makes keys only for users of the same environment; use a principal without an"
              + " environment, such as the one that deploys");
    }
  }

  private void violated(Call call, Judged judged, ErrorShape error, String why) {
    guardrails.violated(
        call,
        Guardrail.ENVIRONMENT_LEAK,
        error,
        judged.demand().resource(),
        judged.refused(call, why));
  }

  /** The environment that a session of a role is asked to be tagged with, or null. */
  private static @Nullable String sessionEnvironment(Judged judged) {
    if (!judged.demand().action().startsWith("sts:")) {
      return null;
    }
    List<String> given = judged.demand().keys().get(REQUEST_TAG);
    return given == null || given.isEmpty() ? null : given.getFirst();
  }

  private static boolean touchesTag(Judged judged) {
    for (Map.Entry<String, List<String>> key : judged.demand().keys().entrySet()) {
      if (key.getKey().equalsIgnoreCase(TAG_KEYS)
          && key.getValue().stream().anyMatch(Principal.ENVIRONMENT::equalsIgnoreCase)) {
        return true;
      }
    }
    return false;
  }
}
