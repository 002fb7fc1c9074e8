// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

/** ECR's filters of tags. */
public final class Wildcards {
  private Wildcards() {}

  /** A filter matches the whole tag; {@code *} stands for any characters. */
  public static boolean matches(String filter, String tag) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < tag.length()) {
      if (at < filter.length() && filter.charAt(at) == '*') {
        star = at++;
        resume = i;
      } else if (at < filter.length() && filter.charAt(at) == tag.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    while (at < filter.length() && filter.charAt(at) == '*') {
      at++;
    }
    return at == filter.length();
  }
}
