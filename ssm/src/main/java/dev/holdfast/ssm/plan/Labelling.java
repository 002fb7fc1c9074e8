// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What becomes of labels that a request gives to a version of a parameter, or takes from it. A
 * label is of one version at most.
 *
 * @param done those that the version then has, or has no more, in the request's order
 * @param invalid those that no label may look like, or that the version does not have
 * @see <a
 *     href="https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html">Working
 *     with parameter labels</a>
 */
public record Labelling(List<String> done, List<String> invalid) {
  /** How many labels a version may have. */
  public static final int MOST = 10;

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z_.-][a-zA-Z0-9_.-]{0,99}");

  public Labelling {
    done = List.copyOf(done);
    invalid = List.copyOf(invalid);
  }

  /** Whether a text may be a label. */
  public static boolean isLabel(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return ALLOWED.matcher(text).matches() && !lower.startsWith("aws") && !lower.startsWith("ssm");
  }

  /** Labels for a version: those that may be labels get it, whichever version has them now. */
  public static Labelling give(List<String> asked) {
    return split(asked, Labelling::isLabel);
  }

  /**
   * Labels off a version.
   *
   * @param present all labels of the parameter, with their versions
   */
  public static Labelling take(Map<String, Long> present, long version, List<String> asked) {
    return split(asked, label -> Objects.equals(present.get(label), version));
  }

  /** Whether the version would have more labels than it may, once it is given these. */
  public boolean tooMany(Map<String, Long> present, long version) {
    var then = new LinkedHashSet<>(done);
    present.forEach(
        (label, of) -> {
          if (of == version) {
            then.add(label);
          }
        });
    return then.size() > MOST;
  }

  private static Labelling split(List<String> asked, Predicate<String> fits) {
    var done = new ArrayList<String>();
    var invalid = new ArrayList<String>();
    for (String label : new LinkedHashSet<>(asked)) {
      (fits.test(label) ? done : invalid).add(label);
    }
    return new Labelling(done, invalid);
  }
}
