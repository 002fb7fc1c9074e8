// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.ssm.ParameterStringFilter;
import dev.holdfast.aws.ssm.ParametersFilter;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.ssm.plan.ParameterFilter;
import dev.holdfast.ssm.plan.ParameterFilter.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the filters of listings.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html">ParameterStringFilter</a>
 */
final class Filters {
  private static final String TAG = "tag:";

  /** The keys that {@code DescribeParameters} takes, beside tags. */
  static final Set<String> DESCRIBE = Set.of("Name", "Type", "KeyId", "Path", "Tier", "DataType");

  /** The keys that {@code GetParametersByPath} takes. */
  static final Set<String> BY_PATH = Set.of("Type", "KeyId", "Label");

  private Filters() {}

  /** The older form: every one compares for equality. */
  static List<ParameterFilter> older(List<ParametersFilter> filters) {
    return read(
        filters.stream()
            .map(
                filter ->
                    ParameterStringFilter.builder()
                        .key(filter.key())
                        .values(filter.values())
                        .build())
            .toList(),
        DESCRIBE);
  }

  static List<ParameterFilter> read(List<ParameterStringFilter> filters, Set<String> keys) {
    var seen = new HashSet<String>();
    var read = new ArrayList<ParameterFilter>();
    for (ParameterStringFilter filter : filters) {
      if (!seen.add(filter.key())) {
        throw SsmError.INVALID_FILTER_KEY.because(
            "The following filter is duplicated in the request: %s. A request can contain only one"
                + " occurrence of a specific filter.",
            filter.key());
      }
      read.add(read(filter, keys));
    }
    return read;
  }

  private static ParameterFilter read(ParameterStringFilter filter, Set<String> keys) {
    String key = filter.key();
    String option = filter.option();
    List<String> values = filter.values();
    boolean tag = key.startsWith(TAG) && keys.contains("Name");
    if (!tag && !keys.contains(key)) {
      throw SsmError.INVALID_FILTER_KEY.because(
          "The following filter key is not valid: %s. Valid filter keys include: [%s].",
          key, String.join(", ", keys.stream().sorted().toList()));
    }
    if (tag) {
      requireOption(option, Set.of("Equals"));
      return new ParameterFilter.Tag(key.substring(TAG.length()), values);
    }
    if (values.isEmpty()) {
      throw SsmError.INVALID_FILTER_VALUE.because(
          "The following filter values are missing : null for filter key %s.", key);
    }
    return switch (key) {
      case "Name" ->
          new ParameterFilter.Name(
              comparison(option, Set.of("BeginsWith", "Contains", "Equals")), values);
      case "KeyId" ->
          new ParameterFilter.KeyId(comparison(option, Set.of("BeginsWith", "Equals")), values);
      case "Path" -> path(option, values);
      case "Type" -> {
        requireOption(option, Set.of("Equals"));
        yield new ParameterFilter.Type(values);
      }
      case "Label" -> {
        requireOption(option, Set.of("Equals"));
        yield new ParameterFilter.Label(values);
      }
      case "Tier" -> {
        requireOption(option, Set.of("Equals"));
        yield new ParameterFilter.OfTier(values);
      }
      default -> {
        requireOption(option, Set.of("Equals"));
        yield new ParameterFilter.DataType(values);
      }
    };
  }

  private static ParameterFilter path(@Nullable String option, List<String> values) {
    requireOption(option, Set.of("Recursive", "OneLevel"));
    values.forEach(Filters::requirePath);
    return new ParameterFilter.Path("Recursive".equals(option), values);
  }

  /** Refuses paths that are none. */
  static void requirePath(String path) {
    if (!path.startsWith("/") || path.contains("//")) {
      throw Wire.invalid(
          "The parameter doesn't meet the parameter name requirements. The parameter name must"
              + " begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\""
              + " (case-insensitive). It must use only letters, numbers, or the following symbols:"
              + " . (period), - (hyphen), _ (underscore). Special characters are not allowed. All"
              + " sub-paths, if specified, must use the forward slash symbol \"/\". Valid example:"
              + " /get/parameters2-/by1./path0_.");
    }
  }

  private static Option comparison(@Nullable String option, Set<String> valid) {
    requireOption(option, valid);
    if ("BeginsWith".equals(option)) {
      return Option.BEGINS_WITH;
    }
    return "Contains".equals(option) ? Option.CONTAINS : Option.EQUALS;
  }

  private static void requireOption(@Nullable String option, Set<String> valid) {
    if (option != null && !valid.contains(option)) {
      throw SsmError.INVALID_FILTER_OPTION.because(
          "The following filter option is not valid: %s. Valid options include: [%s].",
          option, String.join(", ", valid.stream().sorted().toList()));
    }
  }
}
