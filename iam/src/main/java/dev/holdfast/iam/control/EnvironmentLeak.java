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
 * Keeps environments apart: a principal that belongs to one reads nothing of another and does not
 * move anything between them, whatever its policies say.
 */
final class EnvironmentLeak {
  private static final String TAG_KEYS = "aws:TagKeys";

  private final Guardrails guardrails;

  EnvironmentLeak(Guardrails guardrails) {
    this.guardrails = guardrails;
  }

  void check(Call call, Judged judged, ErrorShape error) {
    Principal principal = call.principal();
    String mine = principal.environment();
    boolean task = principal.tags().containsKey(Sessions.TASK_TAG);
    String its = judged.tags().get(Principal.ENVIRONMENT);
    if (judged.demand().reads() && its != null && !its.equals(mine) && (mine != null || task)) {
      guardrails.violated(
          call,
          Guardrail.ENVIRONMENT_LEAK,
          error,
          "User: "
              + principal.arn()
              + " is not authorized to perform: "
              + judged.demand().action()
              + " on resource: "
              + judged.demand().resource()
              + " because it belongs to the environment `"
              + its
              + "` and the caller "
              + (mine == null ? "to none" : "to `" + mine + "`")
              + "; use a resource of the caller's own environment, or one without an environment");
    }
    if (mine != null && touchesTag(judged)) {
      guardrails.violated(
          call,
          Guardrail.ENVIRONMENT_LEAK,
          error,
          "User: "
              + principal.arn()
              + " is not authorized to perform: "
              + judged.demand().action()
              + " on resource: "
              + judged.demand().resource()
              + " because a principal of the environment `"
              + mine
              + "` may not set, change or remove the tag `environment`; use a principal without an"
              + " environment, such as the one that deploys");
    }
  }

  private static boolean touchesTag(Judged judged) {
    for (Map.Entry<String, List<String>> key : judged.demand().keys().entrySet()) {
      if (key.getKey().equalsIgnoreCase(TAG_KEYS)
          && key.getValue().contains(Principal.ENVIRONMENT)) {
        return true;
      }
    }
    return false;
  }
}
