// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.ecr.ImageTagMutabilityExclusionFilter;
import dev.holdfast.registry.model.TagMutability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tag mutability that a request asks for, checked. */
record Mutability(TagMutability kind, List<String> exclusions) {

  static Mutability parse(
      @Nullable String asked,
      List<ImageTagMutabilityExclusionFilter> filters,
      TagMutability byDefault) {
    TagMutability kind = asked == null ? byDefault : TagMutability.valueOf(asked);
    if (kind.excludes() && filters.isEmpty()) {
      throw EcrFault.invalid(
          "imageTagMutabilityExclusionFilters", kind + " needs at least one filter");
    }
    if (!kind.excludes() && !filters.isEmpty()) {
      throw EcrFault.invalid(
          "imageTagMutabilityExclusionFilters",
          "filters go with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, not " + kind);
    }
    for (ImageTagMutabilityExclusionFilter filter : filters) {
      if (filter.filter().chars().filter(c -> c == '*').count() > 2) {
        throw EcrFault.invalid(
            "imageTagMutabilityExclusionFilters", "a filter has at most 2 wildcards");
      }
    }
    return new Mutability(
        kind, filters.stream().map(ImageTagMutabilityExclusionFilter::filter).toList());
  }
}
