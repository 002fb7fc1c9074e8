// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import org.jspecify.annotations.Nullable;

/**
 * One entry of Resource or NotResource: {@code *}, or an ARN with wildcards.
 *
 * <p>Wildcards stay inside their part, except that a {@code *} that ends a part may run over
 * colons.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html">Resource</a>
 */
final class ResourcePattern {
  private static final int PARTS = 6;

  private final Template template;
  private final @Nullable Glob fixed;
  private final OpenGlob open;

  private ResourcePattern(Template template) {
    this.template = template;
    this.fixed = template.constant() ? new Glob(template.tokens()) : null;
    this.open = new OpenGlob(template);
  }

  /**
   * Reads an entry.
   *
   * @throws MalformedPolicy where it is neither {@code *} nor an ARN
   */
  static ResourcePattern parse(String text, boolean expand) {
    Template template = Template.parse(text, expand, true);
    if (text.equals("*")) {
      return new ResourcePattern(template);
    }
    if (!text.startsWith("arn:")) {
      throw new MalformedPolicy(
          "Resource " + text + " must be in ARN format or \"*\".", "a resource is no ARN");
    }
    int[] tokens = template.tokens().clone();
    int part = 1;
    boolean open = false;
    for (int i = 0; i < tokens.length; i++) {
      int token = tokens[i];
      boolean last = i + 1 == tokens.length || tokens[i + 1] == ':';
      if (token == ':') {
        part++;
      } else if (part == 3 && (token == Glob.RUN || token == Glob.ONE)) {
        throw new MalformedPolicy(
            "Resource vendor must be fully qualified and cannot contain regexes.",
            "the service part of a resource holds a wildcard");
      } else if (part < PARTS && token == Glob.ONE) {
        tokens[i] = Glob.ONE_IN_PART;
      } else if (part < PARTS && token == Glob.RUN && last) {
        open = true;
      } else if (part < PARTS && token == Glob.RUN) {
        tokens[i] = Glob.RUN_IN_PART;
      } else if (part < PARTS && Template.isVariable(token) && !open) {
        throw MalformedPolicy.syntax("a policy variable stands before a resource's fifth colon");
      }
    }
    if (part < 3 || (part < PARTS && !open)) {
      throw new MalformedPolicy(
          "Resource " + text + " must be in ARN format or \"*\".", "a resource ARN is too short");
    }
    return new ResourcePattern(template.withTokens(tokens));
  }

  boolean matches(String resource, Context context) {
    return fixed == null ? open.matches(resource, context) : fixed.matches(resource);
  }

  /** A word of the pairs of neighbouring characters that every matching resource has. */
  long pairs(int word) {
    int[] tokens = template.tokens();
    long pairs = 0;
    for (int i = 1; i < tokens.length; i++) {
      // Wildcards and variables are below zero.
      if (tokens[i - 1] >= 0 && tokens[i] >= 0) {
        pairs |= Shortlist.pair(tokens[i - 1], tokens[i], word);
      }
    }
    return pairs;
  }

  Template template() {
    return template;
  }
}
