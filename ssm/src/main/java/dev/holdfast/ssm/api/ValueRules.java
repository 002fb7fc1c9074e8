// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.ssm.model.Tier;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The rules of parameter values. Errors never show the value. */
final class ValueRules {
  /** Steps that an allowed pattern may take over one value before it counts as malformed. */
  private static final int MOST_STEPS = 2_000_000;

  private static final Pattern NESTED = Pattern.compile("\\{\\{.*?\\}\\}", Pattern.DOTALL);
  private static final String TIERS =
      "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";

  private ValueRules() {}

  /** The tier a value gets. */
  static Tier tier(@Nullable String asked, @Nullable Tier before, String value) {
    if (asked == null) {
      return before == null ? Tier.STANDARD : before;
    }
    return switch (asked) {
      case "Advanced" -> Tier.ADVANCED;
      case "Intelligent-Tiering" ->
          before == Tier.ADVANCED || bytes(value) > Tier.STANDARD.most()
              ? Tier.ADVANCED
              : Tier.STANDARD;
      default -> {
        if (before == Tier.ADVANCED) {
          throw invalid(
              "This parameter uses the advanced-parameter tier. You can't downgrade a parameter"
                  + " from the advanced-parameter tier to the standard-parameter tier. If"
                  + " necessary, you can delete the advanced parameter and recreate it as a"
                  + " standard parameter.");
        }
        yield Tier.STANDARD;
      }
    };
  }

  /** Refuses values that are empty, too long for the tier, or that name other parameters. */
  static void require(String value, Tier tier) {
    if (value.isEmpty()) {
      throw invalid(
          "1 validation error detected: Value '***' at 'value' failed to satisfy constraint:"
              + " Member must have length greater than or equal to 1");
    }
    if (bytes(value) > tier.most()) {
      throw invalid(
          tier == Tier.STANDARD
              ? "Standard tier parameters support a maximum parameter value of 4096 characters. To"
                  + " create a larger parameter value, upgrade the parameter to use the"
                  + " advanced-parameter tier. For more information, see "
                  + TIERS
              : "Advanced tier parameters support a maximum parameter value of 8192 characters.");
    }
    if (NESTED.matcher(value).find()) {
      throw invalid(
          "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.");
    }
  }

  /** Refuses a value that its allowed pattern does not match as a whole. */
  static void requireMatch(String value, @Nullable String allowedPattern) {
    if (allowedPattern == null || allowedPattern.isEmpty()) {
      return;
    }
    boolean matches;
    try {
      matches = Pattern.compile(allowedPattern).matcher(new Counted(value)).matches();
    } catch (PatternSyntaxException | TooManySteps | StackOverflowError _) {
      throw SsmError.INVALID_ALLOWED_PATTERN.because(
          "The request does not meet the regular expression requirement: %s", allowedPattern);
    }
    if (!matches) {
      throw SsmError.PARAMETER_PATTERN_MISMATCH.because(
          "Parameter value, cannot be validated against allowedPattern: %s", allowedPattern);
    }
  }

  private static int bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  private static ApiError invalid(String text) {
    return new ApiError(CommonError.VALIDATION.in(Protocol.JSON), text);
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1;

    private TooManySteps() {
      super(null, null, false, false);
    }
  }

  /** A text that can be read only so often: what ends a pattern that backtracks for ever. */
  private static final class Counted implements CharSequence {
    private final String text;
    private int steps;

    private Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > MOST_STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
