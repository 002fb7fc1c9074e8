// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.service.Demand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * For which resources of which actions AWS knows {@code aws:ResourceTag}.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/">Service
 *     authorization reference</a>
 */
final class TagFacts {
  private static final Pattern KEY = Pattern.compile("([a-z]+:[Rr]esourceTag/)\\$\\{TagKey\\}");

  /**
   * A kind of resource of an action.
   *
   * @param keys what its tags are asked for by, such as {@code ecs:ResourceTag/}
   */
  private record Kind(Pattern arn, Set<String> keys) {
    boolean tagged() {
      return keys.contains("aws:ResourceTag/");
    }
  }

  private final Map<String, List<Kind>> rows;

  private TagFacts(Map<String, List<Kind>> rows) {
    this.rows = rows;
  }

  static TagFacts read() throws IOException {
    return new TagFacts(AwsActions.read(TagFacts::kinds));
  }

  private static List<Kind> kinds(String[] cells) {
    String[] types = cells[2].split(" ", -1);
    String[] arns = cells[3].split(" ", -1);
    var kinds = new ArrayList<Kind>();
    for (int i = 0; i < arns.length && !arns[i].isEmpty(); i++) {
      String type = arns.length == types.length ? types[i] : "";
      kinds.add(new Kind(AwsActions.pattern(arns[i]), keys(cells[4], type)));
    }
    return kinds;
  }

  /** The keys of the section of a type, or of any where the type is not told. */
  private static Set<String> keys(String keys, String type) {
    var found = new TreeSet<String>();
    for (String section : keys.split(";", -1)) {
      String text = section.strip();
      if (type.isEmpty() || text.startsWith(type + ":")) {
        KEY.matcher(text).results().forEach(key -> found.add(key.group(1)));
      }
    }
    return found;
  }

  /** By which keys AWS tells a tag of what a demand is on, in the service's name among them. */
  Set<String> tagKeys(Demand demand) {
    return rows.getOrDefault(demand.action(), List.of()).stream()
        .filter(kind -> kind.tagged() && kind.arn().matcher(demand.resource()).matches())
        .findFirst()
        .map(Kind::keys)
        .orElse(Set.of());
  }

  /** Whether AWS tells what a demand is on by its tags. */
  boolean hasTags(Demand demand) {
    return rows.getOrDefault(demand.action(), List.of()).stream()
        .anyMatch(kind -> kind.tagged() && kind.arn().matcher(demand.resource()).matches());
  }

  /** Whether AWS gives what a demand is on no tags. */
  boolean hasNoTags(Demand demand) {
    return rows.getOrDefault(demand.action(), List.of()).stream()
        .anyMatch(kind -> !kind.tagged() && kind.arn().matcher(demand.resource()).matches());
  }

  /** Whether AWS tells anything of an action by its tags. */
  boolean knowsTags(Demand demand) {
    return rows.getOrDefault(demand.action(), List.of()).stream().anyMatch(Kind::tagged);
  }
}
