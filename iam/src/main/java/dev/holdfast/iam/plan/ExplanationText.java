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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Words a denial for whoever may read the policies: the layers, the statements, the values, and
 * what would let the call pass, or whom to ask.
 */
public final class ExplanationText {
  /** What a call says may be long; a few values, and the beginning of them, tell enough. */
  private static final int MOST_VALUES = 10;

  private static final int LONGEST = 512;

  /** Characters of a name, which may be written out at several times its length. */
  private static final int LONGEST_NAME = 2048;

  /** All parts together: an explanation is no longer, whatever policies and calls say. */
  static final int MOST = 64 * 1024;

  private static final int HEAD = 12 * 1024;
  private static final int LOOKED = 8 * 1024;
  private static final int KEYS = 8 * 1024;
  private static final int FINDINGS = 18 * 1024;
  private static final int WAY_OUT = MOST - HEAD - LOOKED - KEYS - FINDINGS;

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
    var out = new BoundedLines();
    out.part(HEAD);
    line(out, "authorization id", id);
    line(out, "time", at.toString());
    line(out, "principal", request.caller().arn());
    line(out, "action", request.action());
    line(out, "resource", request.resource());
    if (explanation.decision() instanceof Denied denied) {
      line(out, "verdict", "denied, " + denied.because(request.action()));
      line(out, "layer", denied.layer().words());
    }
    out.part(LOOKED);
    looked(out, explanation);
    out.part(FINDINGS);
    findings(out, explanation.findings());
    out.part(KEYS);
    keys(out, explanation.keys());
    out.part(WAY_OUT);
    remedy(out, demanded, all);
    return out.toString();
  }

  /** A policy where it is looked for: its name alone may be another's too. */
  private record Place(Layer layer, String policy) {}

  /** Every layer that took part, also one that says nothing on the action. */
  private static void looked(BoundedLines out, Explanation explanation) {
    out.add("policies that were looked at:\n");
    Map<Place, Long> covering =
        explanation.findings().stream()
            .collect(
                Collectors.groupingBy(
                    f -> new Place(f.layer(), f.match().policy()), Collectors.counting()));
    for (Looked looked : explanation.looked()) {
      String layer = "  " + looked.layer().words();
      if (looked.policies().isEmpty()) {
        out.add(layer + ": there is none\n");
      }
      for (String policy : looked.policies()) {
        long count = covering.getOrDefault(new Place(looked.layer(), policy), 0L);
        out.add(layer + " `" + shown(policy) + "`: " + covers(count) + "\n");
        if (out.isFull()) {
          return;
        }
      }
    }
  }

  private static String covers(long statements) {
    return switch (Math.toIntExact(statements)) {
      case 0 -> "no statement covers this action";
      case 1 -> "1 statement covers this action";
      default -> statements + " statements cover this action";
    };
  }

  private static void findings(BoundedLines out, List<Finding> findings) {
    if (findings.isEmpty()) {
      out.add("no statement of any policy covers this action\n");
      return;
    }
    out.add("statements that cover this action:\n");
    for (Finding finding : findings) {
      out.add(statement(finding));
      for (Compared compared : finding.compared()) {
        if (out.isFull()) {
          return;
        }
        out.add(compared(compared));
      }
    }
  }

  private static String statement(Finding finding) {
    return "  "
        + finding.layer().words()
        + " "
        + name(finding.match())
        + ", "
        + finding.effect().word()
        + ": "
        + switch (finding.reason()) {
          case MATCHED -> "matches";
          case OTHER_PRINCIPAL -> "names another principal";
          case OTHER_RESOURCE -> "names other resources";
          case CONDITION_FAILED -> "a condition does not hold";
        }
        + "\n";
  }

  private static String compared(Compared compared) {
    return "    "
        + (compared.holds() ? "holds: " : "does not hold: ")
        + shown(compared.operator())
        + " "
        + shown(compared.key())
        + "; the policy says "
        + values(compared.wanted())
        + ", the call "
        + values(compared.actual())
        + "\n";
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

  private static void keys(BoundedLines out, List<KeyRead> keys) {
    if (!keys.isEmpty()) {
      out.add("values that were compared:\n");
    }
    for (KeyRead read : keys) {
      String values = read.values() == null ? "absent" : clipped(read.values());
      out.add("  " + shown(read.key()) + " = " + values + "\n");
      if (out.isFull()) {
        return;
      }
    }
  }

  private static void remedy(BoundedLines out, List<Demanded> demanded, boolean all) {
    var asks = new LinkedHashSet<String>();
    for (Demanded one : demanded) {
      if (one.explanation().decision() instanceof ExplicitDeny deny) {
        asks.add(ask(one.request(), deny));
      }
    }
    if (!asks.isEmpty()) {
      out.add("the way out: no statement allows what one denies. It has to go, or not to match\n");
      asks.forEach(ask -> out.add("  " + ask + "\n"));
      return;
    }
    var changes = new LinkedHashSet<String>();
    boolean found = true;
    for (Demanded one : demanded) {
      found &= one.explanation().decision().allowed() || !one.explanation().changes().isEmpty();
      for (Change change : one.explanation().changes()) {
        changes.add(
            "in "
                + place(one.request(), change.layer())
                + ":\n    "
                + Printable.line(change.statement()));
      }
    }
    if (!found) {
      out.add("the way out: no statement can name what was asked for\n");
      return;
    }
    out.add(
        changes.size() == 1
            ? "the smallest statement that would allow it\n"
            : "the smallest statements that would allow it, all of them together\n");
    changes.forEach(change -> out.add("  " + change + "\n"));
    if (!all) {
      out.add("the call demands more, which was not looked at\n");
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

  private static void line(BoundedLines out, String name, String value) {
    out.add(name + ": " + shown(value) + "\n");
  }

  /** Names and values are the caller's words: none of them begins a line of its own. */
  private static String shown(String text) {
    String line = Printable.clipped(text, LONGEST_NAME);
    return line.length() <= LONGEST_NAME + 3 ? line : cut(line);
  }

  /** What is written out may be longer than it was. */
  private static String cut(String line) {
    boolean pair = Character.isHighSurrogate(line.charAt(LONGEST_NAME - 1));
    return line.substring(0, pair ? LONGEST_NAME - 1 : LONGEST_NAME) + "...";
  }
}
