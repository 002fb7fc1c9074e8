// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import dev.holdfast.policy.Operator.Relation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policy values of one condition, read as the operator's type once and for all. */
@FunctionalInterface
interface Comparison {

  /** How a request value stands to the policy values, before any negation. */
  enum Outcome {
    /** The relation holds to at least one policy value. */
    HOLDS,
    /** It holds to none. */
    FAILS,
    /** The request value cannot be read as the operator's type. */
    UNREADABLE;

    static Outcome of(boolean holds) {
      return holds ? HOLDS : FAILS;
    }
  }

  Outcome compare(String value, Context context);

  /**
   * Compiles the values of a condition.
   *
   * @throws MalformedPolicy where one cannot be read as the operator's type
   */
  static Comparison of(Operator operator, List<Template> templates, List<String> values) {
    return switch (operator.type()) {
      case EXACT -> exact(templates);
      case FOLDED -> ignoringCase(templates);
      case LIKE -> globs(templates);
      case NUMBER -> numbers(values, operator.relation());
      case DATE -> dates(values, operator.relation());
      case BOOL -> bools(values);
      case BINARY -> bytes(values);
      case IP -> networks(values);
      case ARN -> ArnPatterns.of(templates);
      case NULL -> bools(values);
    };
  }

  private static Comparison exact(List<Template> templates) {
    Set<String> fixed = Set.copyOf(constants(templates));
    List<OpenGlob> open = open(templates);
    return (value, context) ->
        Outcome.of(fixed.contains(value) || anyMatches(open, value, context));
  }

  private static Comparison ignoringCase(List<Template> templates) {
    var fixed = new HashSet<String>();
    constants(templates).forEach(text -> fixed.add(folded(text)));
    List<Template> open = templates.stream().filter(template -> !template.constant()).toList();
    return (value, context) -> {
      String wanted = folded(value);
      return Outcome.of(fixed.contains(wanted) || anyFolds(open, wanted, context));
    };
  }

  private static boolean anyFolds(List<Template> open, String wanted, Context context) {
    for (int i = 0; i < open.size(); i++) {
      int[] tokens = open.get(i).resolve(context);
      if (tokens != null && wanted.equals(folded(new String(tokens, 0, tokens.length)))) {
        return true;
      }
    }
    return false;
  }

  /** The texts of templates without variables, which are taken without wildcards. */
  private static List<String> constants(List<Template> templates) {
    return templates.stream()
        .filter(Template::constant)
        .map(template -> new String(template.tokens(), 0, template.tokens().length))
        .toList();
  }

  private static List<OpenGlob> open(List<Template> templates) {
    return templates.stream().filter(template -> !template.constant()).map(OpenGlob::new).toList();
  }

  private static boolean anyMatches(List<OpenGlob> open, String value, Context context) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).matches(value, context)) {
        return true;
      }
    }
    return false;
  }

  /** Lower case within ASCII and Latin-1; anything else stays as it is. */
  static String folded(String text) {
    char[] chars = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char lower = c <= 0xFF ? Character.toLowerCase(c) : c;
      if (lower != c && chars == null) {
        chars = text.toCharArray();
      }
      if (chars != null) {
        chars[i] = lower;
      }
    }
    return chars == null ? text : new String(chars);
  }

  private static Comparison globs(List<Template> templates) {
    List<Glob> fixed =
        templates.stream()
            .filter(Template::constant)
            .map(template -> new Glob(template.tokens()))
            .toList();
    List<OpenGlob> open = open(templates);
    return (value, context) -> {
      for (int i = 0; i < fixed.size(); i++) {
        if (fixed.get(i).matches(value)) {
          return Outcome.HOLDS;
        }
      }
      return Outcome.of(anyMatches(open, value, context));
    };
  }

  private static Comparison numbers(List<String> values, Relation relation) {
    Comparison exact = exactNumbers(values, relation);
    long[] whole = new long[values.size()];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = whole(values.get(i));
      if (whole[i] < 0) {
        return exact;
      }
    }
    // Nearly all numbers are whole and small; no object is made for these.
    return (value, context) -> {
      long number = whole(value);
      if (number < 0) {
        return exact.compare(value, context);
      }
      for (long limit : whole) {
        if (relation.holds(Long.compare(number, limit))) {
          return Outcome.HOLDS;
        }
      }
      return Outcome.FAILS;
    };
  }

  /** A number of at most 18 ASCII digits and nothing else, or -1. */
  private static long whole(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static Comparison exactNumbers(List<String> values, Relation relation) {
    var numbers = new ArrayList<BigDecimal>();
    for (String value : values) {
      BigDecimal number = number(value);
      if (number == null) {
        throw unreadable("number");
      }
      numbers.add(number);
    }
    return (value, context) -> {
      BigDecimal number = number(value);
      if (number == null) {
        return Outcome.UNREADABLE;
      }
      for (int i = 0; i < numbers.size(); i++) {
        if (relation.holds(number.compareTo(numbers.get(i)))) {
          return Outcome.HOLDS;
        }
      }
      return Outcome.FAILS;
    };
  }

  private static @Nullable BigDecimal number(String text) {
    // Short texts keep the arithmetic small whatever the exponent.
    if (text.isEmpty() || text.length() > 64) {
      return null;
    }
    // What Java takes for digits, of whatever script, is more than what JSON does.
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '~') {
        return null;
      }
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static Comparison dates(List<String> values, Relation relation) {
    Instant[] instants = new Instant[values.size()];
    for (int i = 0; i < instants.length; i++) {
      Instant instant = Dates.parse(values.get(i));
      if (instant == null) {
        throw unreadable("date");
      }
      instants[i] = instant;
    }
    return (value, context) -> {
      // The clock's keys are whole seconds, read without an object for each request.
      long seconds = Dates.seconds(value);
      Instant instant = seconds == Dates.NO_SECONDS ? Dates.parse(value) : null;
      if (seconds == Dates.NO_SECONDS && instant == null) {
        return Outcome.UNREADABLE;
      }
      for (Instant listed : instants) {
        int order = instant == null ? Dates.compare(seconds, listed) : instant.compareTo(listed);
        if (relation.holds(order)) {
          return Outcome.HOLDS;
        }
      }
      return Outcome.FAILS;
    };
  }

  private static Comparison bools(List<String> values) {
    boolean yes = false;
    boolean no = false;
    for (String value : values) {
      Boolean bool = bool(value);
      if (bool == null) {
        throw unreadable("boolean");
      }
      yes |= bool;
      no |= !bool;
    }
    boolean wantsTrue = yes;
    boolean wantsFalse = no;
    return (value, context) -> {
      Boolean bool = bool(value);
      return bool == null ? Outcome.UNREADABLE : Outcome.of(bool ? wantsTrue : wantsFalse);
    };
  }

  private static @Nullable Boolean bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    return text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
  }

  /** Binary keys travel as base64, in the policy and in the context alike. */
  private static Comparison bytes(List<String> values) {
    var wanted = new ArrayList<byte[]>();
    for (String value : values) {
      byte[] bytes = decode(value);
      if (bytes == null) {
        throw unreadable("base64 text");
      }
      wanted.add(bytes);
    }
    return (value, context) -> {
      byte[] bytes = decode(value);
      return bytes == null
          ? Outcome.UNREADABLE
          : Outcome.of(wanted.stream().anyMatch(w -> Arrays.equals(w, bytes)));
    };
  }

  private static byte @Nullable [] decode(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Comparison networks(List<String> values) {
    var networks = new ArrayList<Network>();
    for (String value : values) {
      Network network = Network.parse(value);
      if (network == null) {
        throw unreadable("IP range");
      }
      networks.add(network);
    }
    return (value, context) -> {
      long v4 = Network.v4(value, 0, value.length());
      if (v4 >= 0) {
        for (int i = 0; i < networks.size(); i++) {
          if (networks.get(i).containsV4(v4)) {
            return Outcome.HOLDS;
          }
        }
        return Outcome.FAILS;
      }
      // A range is no address: it may lie partly within another.
      Network address = value.indexOf('/') < 0 ? Network.parse(value) : null;
      if (address == null) {
        return Outcome.UNREADABLE;
      }
      for (int i = 0; i < networks.size(); i++) {
        if (networks.get(i).contains(address)) {
          return Outcome.HOLDS;
        }
      }
      return Outcome.FAILS;
    };
  }

  private static MalformedPolicy unreadable(String type) {
    return MalformedPolicy.syntax("a condition value is no " + type);
  }
}
