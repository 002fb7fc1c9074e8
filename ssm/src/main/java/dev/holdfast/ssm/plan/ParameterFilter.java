// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import dev.holdfast.ssm.model.ParameterName;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.List;
import java.util.Map;

/** One condition of a listing; any of its values will do. */
public sealed interface ParameterFilter {

  /** Whether it passes. */
  boolean test(Listed listed);

  /**
   * A version of a parameter as listings look at it.
   *
   * @param tags the parameter's
   * @param labels the version's
   */
  record Listed(StoredParameter parameter, Map<String, String> tags, List<String> labels) {
    public Listed {
      tags = Map.copyOf(tags);
      labels = List.copyOf(labels);
    }

    /** A version of which nothing but itself is asked for. */
    public static Listed of(StoredParameter parameter) {
      return new Listed(parameter, Map.of(), List.of());
    }
  }

  /** How a text is compared. */
  enum Option {
    EQUALS,
    BEGINS_WITH,
    CONTAINS;

    boolean test(String text, List<String> values) {
      return switch (this) {
        case EQUALS -> values.contains(text);
        case BEGINS_WITH -> values.stream().anyMatch(text::startsWith);
        case CONTAINS -> values.stream().anyMatch(text::contains);
      };
    }
  }

  /** By name, as it is written. */
  record Name(Option option, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      return option.test(listed.parameter().name(), values);
    }
  }

  /** By type, as the wire names it. */
  record Type(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      return values.contains(listed.parameter().type().wire());
    }
  }

  /** By tier, as the wire names it. */
  record OfTier(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      return values.contains(listed.parameter().tier().wire());
    }
  }

  /** By data type; all are plain text. */
  record DataType(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      return values.contains("text");
    }
  }

  /** By the key of a SecureString. */
  record KeyId(Option option, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      String keyId = listed.parameter().keyId();
      return keyId != null && option.test(keyId, values);
    }
  }

  /** By a tag; no values means any. */
  record Tag(String key, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      String value = listed.tags().get(key);
      return value != null && (values.isEmpty() || values.contains(value));
    }
  }

  /** By a label of the version. */
  record Label(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      return listed.labels().stream().anyMatch(values::contains);
    }
  }

  /** By a place in the hierarchy: one level below it, or anywhere below it. */
  record Path(boolean recursive, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(Listed listed) {
      return values.stream().anyMatch(path -> below(listed.parameter().name(), path, recursive));
    }
  }

  /** Whether a name lies below a path. */
  static boolean below(String name, String path, boolean recursive) {
    String root = path.endsWith("/") ? path : path + "/";
    String full = name.startsWith("/") ? name : "/" + name;
    return full.startsWith(root)
        && (recursive || ParameterName.levels(full).size() == ParameterName.levels(root).size());
  }
}
