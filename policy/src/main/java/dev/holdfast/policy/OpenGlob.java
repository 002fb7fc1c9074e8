// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import org.jspecify.annotations.Nullable;

/**
 * A wildcard pattern with policy variables, matched without writing their values into it: the
 * segments between its runs have a length in each request, and fit at a place of the text or do
 * not.
 */
final class OpenGlob {
  /** Values of more variables are written once, as each place that is tried asks for them. */
  private static final int FEW = 4;

  /** In a longer text too: every place of it may ask, and an ARN has seldom as many. */
  private static final int SHORT = 128;

  private final Template template;
  private final int[] tokens;
  private final boolean walked;

  OpenGlob(Template template) {
    this.template = template;
    this.tokens = template.tokens();
    this.walked = template.variables().size() <= FEW && !confined(tokens);
  }

  /** Whether a run stays within its part of an ARN, so that the leftmost place is not enough. */
  private static boolean confined(int[] tokens) {
    for (int token : tokens) {
      if (token == Glob.RUN_IN_PART) {
        return true;
      }
    }
    return false;
  }

  /** Whether the pattern covers the whole text; never where a variable has no value. */
  boolean matches(String text, Context context) {
    boolean few = walked && text.length() <= SHORT;
    return few ? walk(text, context) : written(text, context);
  }

  private boolean written(String text, Context context) {
    int[] resolved = template.resolve(context);
    return resolved != null && Glob.matches(resolved, text);
  }

  private boolean walk(String text, Context context) {
    int run = run(0);
    int at = fit(0, run, text, 0, context);
    if (run == tokens.length) {
      return at == text.length();
    }
    while (at >= 0) {
      int first = run + 1;
      run = run(first);
      int length = length(first, run, context);
      if (length < 0) {
        return false;
      }
      int last = text.length() - length;
      if (run == tokens.length) {
        return at <= last && fit(first, run, text, last, context) == text.length();
      }
      at = find(first, run, text, at, last, context);
    }
    return false;
  }

  /** The next run, or the end. */
  private int run(int from) {
    int token = from;
    while (token < tokens.length && tokens[token] != Glob.RUN) {
      token++;
    }
    return token;
  }

  /** Where the segment ends that fits leftmost between two places, or -1. */
  private int find(int first, int end, String text, int from, int last, Context context) {
    for (int at = from; at <= last; at++) {
      int after = fit(first, end, text, at, context);
      if (after >= 0) {
        return after;
      }
    }
    return -1;
  }

  /** Where the segment ends that begins at a place of the text, or -1 where it does not fit. */
  private int fit(int first, int end, String text, int from, Context context) {
    int at = from;
    for (int i = first; i < end; i++) {
      int token = tokens[i];
      if (Template.isVariable(token)) {
        String value = template.value(token, context);
        if (value == null || !text.startsWith(value, at)) {
          return -1;
        }
        at += value.length();
      } else if (at < text.length() && Glob.fits(token, text.charAt(at))) {
        at++;
      } else {
        return -1;
      }
    }
    return at;
  }

  /** How many characters a segment stands for, or -1 where one of its variables has no value. */
  private int length(int first, int end, Context context) {
    int length = 0;
    for (int i = first; i < end; i++) {
      @Nullable String value =
          Template.isVariable(tokens[i]) ? template.value(tokens[i], context) : ".";
      if (value == null) {
        return -1;
      }
      length += value.length();
    }
    return length;
  }
}
