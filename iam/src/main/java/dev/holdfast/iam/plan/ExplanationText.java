// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Printable;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Decision.Denied;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Match;
import dev.holdfast.policy.Request;
import java.time.Instant;
import java.util.List;

/** Words a denial for whoever may read the policies: the layer, the statements, the values. */
public final class ExplanationText {
  private ExplanationText() {}

  public static String of(String id, Instant at, Request request, Explanation explanation) {
    var out = new StringBuilder();
    line(out, "authorization id", id);
    line(out, "time", at.toString());
    line(out, "principal", request.caller().arn());
    line(out, "action", request.action());
    line(out, "resource", request.resource());
    Decision decision = explanation.decision();
    if (decision instanceof Denied denied) {
      line(out, "verdict", "denied, " + denied.because(request.action()));
      line(out, "layer", denied.layer().words());
    }
    findings(out, explanation.findings());
    keys(out, explanation.keys());
    remedy(out, explanation);
    return out.toString();
  }

  private static void findings(StringBuilder out, List<Finding> findings) {
    if (findings.isEmpty()) {
      out.append("no statement of any policy covers this action\n");
      return;
    }
    out.append("statements that cover this action:\n");
    for (Finding finding : findings) {
      out.append("  ")
          .append(finding.layer().words())
          .append(" ")
          .append(name(finding.match()))
          .append(", ")
          .append(finding.effect().word())
          .append(": ")
          .append(
              switch (finding.reason()) {
                case MATCHED -> "matches";
                case OTHER_PRINCIPAL -> "names another principal";
                case OTHER_RESOURCE -> "names other resources";
                case CONDITION_FAILED ->
                    "condition does not hold: " + shown(String.valueOf(finding.failed()));
              })
          .append('\n');
    }
  }

  private static String name(Match match) {
    String sid = match.sid() == null ? "" : " (" + shown(match.sid()) + ")";
    return "`" + shown(match.policy()) + "` statement " + (match.statement() + 1) + sid;
  }

  private static void keys(StringBuilder out, List<KeyRead> keys) {
    if (!keys.isEmpty()) {
      out.append("values that were compared:\n");
      for (KeyRead read : keys) {
        out.append("  ")
            .append(shown(read.key()))
            .append(" = ")
            .append(read.values() == null ? "absent" : shown(String.join(", ", read.values())))
            .append('\n');
      }
    }
  }

  private static void remedy(StringBuilder out, Explanation explanation) {
    if (explanation.smallestStatement() != null
        && explanation.decision() instanceof Denied denied) {
      out.append("the smallest statement that would allow it, in the ")
          .append(denied.layer().words())
          .append(":\n  ")
          .append(shown(explanation.smallestStatement()))
          .append('\n');
    } else {
      out.append("the way out: the statement that denies has to go, or not to match\n");
    }
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(name).append(": ").append(shown(value)).append('\n');
  }

  /** Names and values are the caller's words: none of them begins a line of its own. */
  private static String shown(String text) {
    return Printable.line(text);
  }
}
