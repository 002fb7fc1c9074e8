// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Printable;
import dev.holdfast.policy.Decision.Denied;
import dev.holdfast.policy.Decision.ExplicitDeny;
import dev.holdfast.policy.Explanation;
import dev.holdfast.policy.Explanation.Change;
import dev.holdfast.policy.Explanation.Compared;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Explanation.Looked;
import dev.holdfast.policy.Layer;
import dev.holdfast.policy.Match;
import dev.holdfast.policy.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Words a denial for whoever may read the policies: the layers, the statements, the values, and
 * what would let the call pass, or whom to ask.
 */
public final class ExplanationText {
  /** What a call says may be long; a few values, and the beginning of them, tell enough. */
  private static final int MOST_VALUES = 10;

  private static final int LONGEST = 512;

  /** Statements beyond so many characters are not told. */
  private static final int MOST = 64 * 1024;

  private ExplanationText() {}

  /** One thing that a call demands, and why it is denied, or that it is not. */
  public record Demanded(Request request, Explanation explanation) {}

  /**
   * The text.
   *
   * @param demanded what the call demands; the first is what it was denied for
   * @param all whether that is all that it demands
   */
  public static String of(String id, Instant at, List<Demanded> demanded, boolean all) {
    Request request = demanded.getFirst().request();
    Explanation explanation = demanded.getFirst().explanation();
    var out = new StringBuilder();
    line(out, "authorization id", id);
    line(out, "time", at.toString());
    line(out, "principal", request.caller().arn());
    line(out, "action", request.action());
    line(out, "resource", request.resource());
    if (explanation.decision() instanceof Denied denied) {
      line(out, "verdict", "denied, " + denied.because(request.action()));
      line(out, "layer", denied.layer().words());
    }
    looked(out, explanation);
    findings(out, explanation.findings());
    keys(out, explanation.keys());
    remedy(out, demanded, all);
    return out.toString();
  }

  /** Every layer that took part, also one that says nothing on the action. */
  private static void looked(StringBuilder out, Explanation explanation) {
    out.append("policies that were looked at:\n");
    for (Looked looked : explanation.looked()) {
      if (looked.policies().isEmpty()) {
        out.append("  ").append(looked.layer().words()).append(": there is none\n");
      }
      for (String policy : looked.policies()) {
        long covering =
            explanation.findings().stream()
                .filter(f -> f.layer() == looked.layer() && f.match().policy().equals(policy))
                .count();
        out.append("  ")
            .append(looked.layer().words())
            .append(" `")
            .append(shown(policy))
            .append("`: ")
            .append(
                covering == 0
                    ? "no statement covers this action"
                    : covering == 1
                        ? "1 statement covers this action"
                        : covering + " statements cover this action")
            .append('\n');
      }
    }
  }

  private static void findings(StringBuilder out, List<Finding> findings) {
    if (findings.isEmpty()) {
      out.append("no statement of any policy covers this action\n");
      return;
    }
    out.append("statements that cover this action:\n");
    for (Finding finding : findings) {
      if (out.length() > MOST) {
        out.append("  more of them are not shown\n");
        return;
      }
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
                case CONDITION_FAILED -> "a condition does not hold";
              })
          .append('\n');
      for (Compared compared : finding.compared()) {
        if (out.length() > MOST) {
          break;
        }
        compared(out, compared);
      }
    }
  }

  private static void compared(StringBuilder out, Compared compared) {
    out.append("    ")
        .append(compared.holds() ? "holds: " : "does not hold: ")
        .append(shown(compared.operator()))
        .append(' ')
        .append(shown(compared.key()))
        .append("; the policy says ")
        .append(values(compared.wanted()))
        .append(", the call ")
        .append(values(compared.actual()))
        .append('\n');
  }

  private static String values(@Nullable List<String> values) {
    return values == null ? "has none" : "`" + clipped(values) + "`";
  }

  private static String clipped(List<String> values) {
    var few = new StringBuilder();
    for (String value : values.subList(0, Math.min(values.size(), MOST_VALUES))) {
      few.append(few.isEmpty() ? "" : ", ")
          .append(value, 0, Math.min(value.length(), LONGEST))
          .append(value.length() > LONGEST ? "..." : "");
    }
    few.append(values.size() > MOST_VALUES ? ", ..." : "");
    return Printable.clipped(few.toString(), LONGEST);
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
            .append(read.values() == null ? "absent" : clipped(read.values()))
            .append('\n');
      }
    }
  }

  private static void remedy(StringBuilder out, List<Demanded> demanded, boolean all) {
    var asks = new LinkedHashSet<String>();
    for (Demanded one : demanded) {
      if (one.explanation().decision() instanceof ExplicitDeny deny) {
        asks.add(ask(one.request(), deny));
      }
    }
    if (!asks.isEmpty()) {
      out.append(
          "the way out: no statement allows what one denies. It has to go, or not to match\n");
      asks.forEach(ask -> out.append("  ").append(ask).append('\n'));
      return;
    }
    var changes = new ArrayList<String>();
    boolean found = true;
    for (Demanded one : demanded) {
      found &= one.explanation().decision().allowed() || !one.explanation().changes().isEmpty();
      for (Change change : one.explanation().changes()) {
        String text =
            "in " + place(one.request(), change.layer()) + ":\n    " + shown(change.statement());
        if (!changes.contains(text)) {
          changes.add(text);
        }
      }
    }
    if (!found) {
      out.append("the way out: no statement can name what was asked for\n");
      return;
    }
    out.append(
        changes.size() == 1
            ? "the smallest statement that would allow it\n"
            : "the smallest statements that would allow it, all of them together\n");
    changes.forEach(change -> out.append("  ").append(change).append('\n'));
    if (!all) {
      out.append("the call demands more, which was not looked at\n");
    }
  }

  private static String ask(Request request, ExplicitDeny deny) {
    return "ask "
        + keeper(request, deny.layer())
        + " about "
        + name(deny.match())
        + " ("
        + deny.layer().words()
        + ", which denies "
        + shown(request.action())
        + ")";
  }

  /** Who may change a policy of a layer. */
  private static String keeper(Request request, Layer layer) {
    return switch (layer) {
      case IDENTITY, BOUNDARY ->
          "whoever administers IAM in the account " + shown(request.caller().account());
      case SESSION -> "whoever opened the session, which a session policy limits to its end,";
      case RESOURCE, ROLE_TRUST ->
          "whoever administers the resource in the account " + shown(request.resourceAccount());
      case SERVICE_CONTROL, RESOURCE_CONTROL -> "whoever administers the organisation";
    };
  }

  /** Where a statement belongs. */
  private static String place(Request request, Layer layer) {
    return switch (layer) {
      case IDENTITY -> "an identity-based policy of " + shown(request.caller().principalArn());
      case BOUNDARY -> "the permissions boundary of " + shown(request.caller().principalArn());
      case SESSION -> "a session policy, when the session is opened";
      case RESOURCE -> "the resource-based policy of " + shown(request.resource());
      case ROLE_TRUST -> "the role trust policy of " + shown(request.resource());
      case SERVICE_CONTROL, RESOURCE_CONTROL -> "a " + layer.words();
    };
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(name).append(": ").append(shown(value)).append('\n');
  }

  /** Names and values are the caller's words: none of them begins a line of its own. */
  private static String shown(String text) {
    return Printable.line(text);
  }
}
