// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Printable;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import java.util.Map;
import java.util.TreeMap;

/** Words a refusal by a guardrail, for whoever may read the policies. */
public final class GuardrailText {
  /** Characters of what a call named. */
  private static final int LONGEST = 2048;

  private GuardrailText() {}

  /**
   * The text.
   *
   * @param tags of the resource
   * @param why what the caller was told
   */
  public static String of(
      String id, Call call, Demand demand, Map<String, String> tags, String why) {
    var out = new StringBuilder();
    line(out, "authorization id", id);
    line(out, "time", call.now().toString());
    line(out, "principal", call.principal().arn().toString());
    line(out, "action", demand.action());
    line(out, "resource", demand.resource());
    line(out, "verdict", "denied by a guardrail; the policies allow it");
    line(out, "why", why);
    out.append("values that were compared:\n");
    values(out, "aws:PrincipalTag/", call.principal().tags());
    values(out, "aws:ResourceTag/", tags);
    out.append("the way out: no policy allows what a guardrail denies. Ask whoever tags users and")
        .append(" roles, or the operator of this installation\n");
    return out.toString();
  }

  private static void values(StringBuilder out, String prefix, Map<String, String> tags) {
    if (tags.isEmpty()) {
      out.append("  ").append(prefix).append("... = absent\n");
    }
    new TreeMap<>(tags).forEach((key, value) -> line(out, "  " + prefix + key, value));
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(Printable.line(name))
        .append(": ")
        .append(Printable.clipped(value, LONGEST))
        .append('\n');
  }
}
