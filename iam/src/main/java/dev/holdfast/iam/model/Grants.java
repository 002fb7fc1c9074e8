// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies of an entity.
 *
 * @param inline documents by name
 * @param managed ARNs of attached policies, in the order they were attached
 * @param boundary the ARN of the managed policy that nothing may go beyond, or null; groups have
 *     none
 */
public record Grants(Map<String, String> inline, List<String> managed, @Nullable String boundary) {
  public static final Grants NONE = new Grants(Map.of(), List.of(), null);

  public Grants {
    inline = Collections.unmodifiableMap(new LinkedHashMap<>(inline));
    managed = List.copyOf(managed);
  }

  public static Grants attached(String arn) {
    return new Grants(Map.of(), List.of(arn), null);
  }

  public Grants withInline(String name, String document) {
    var more = new TreeMap<>(inline);
    more.put(name, document);
    return new Grants(more, managed, boundary);
  }

  public Grants withoutInline(String name) {
    var rest = new LinkedHashMap<>(inline);
    rest.remove(name);
    return new Grants(rest, managed, boundary);
  }

  /** With one more policy attached; attaching twice is once. */
  public Grants withManaged(String arn) {
    if (managed.contains(arn)) {
      return this;
    }
    var more = new ArrayList<>(managed);
    more.add(arn);
    return new Grants(inline, more, boundary);
  }

  public Grants withoutManaged(String arn) {
    return new Grants(inline, managed.stream().filter(a -> !a.equals(arn)).toList(), boundary);
  }

  /** Within another boundary, or within none. */
  public Grants within(@Nullable String arn) {
    return new Grants(inline, managed, arn);
  }

  public boolean isEmpty() {
    return inline.isEmpty() && managed.isEmpty();
  }
}
