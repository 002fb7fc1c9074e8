// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import dev.holdfast.ssm.model.ParameterName;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.List;
import java.util.Map;

/** One condition of a listing; any of its values will do. */
public sealed interface ParameterFilter {

  /** Whether a parameter with these tags passes. */
  boolean test(StoredParameter parameter, Map<String, String> tags);

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
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      return option.test(parameter.name(), values);
    }
  }

  /** By type, as the wire names it. */
  record Type(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      return values.contains(parameter.type().wire());
    }
  }

  /** By tier, as the wire names it. */
  record OfTier(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      return values.contains(parameter.tier().wire());
    }
  }

  /** By data type; all are plain text. */
  record DataType(List<String> values) implements ParameterFilter {
    @Override
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      return values.contains("text");
    }
  }

  /** By the key of a SecureString. */
  record KeyId(Option option, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      String keyId = parameter.keyId();
      return keyId != null && option.test(keyId, values);
    }
  }

  /** By a tag; no values means any. */
  record Tag(String key, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      String value = tags.get(key);
      return value != null && (values.isEmpty() || values.contains(value));
    }
  }

  /** By a place in the hierarchy: one level below it, or anywhere below it. */
  record Path(boolean recursive, List<String> values) implements ParameterFilter {
    @Override
    public boolean test(StoredParameter parameter, Map<String, String> tags) {
      return values.stream().anyMatch(path -> below(parameter.name(), path, recursive));
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
