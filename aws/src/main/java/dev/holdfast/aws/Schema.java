// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a codec must know of a structure: its members in order, and how one is made. */
public final class Schema {

  /** A member: its name on the wire, whether AWS requires it, and its type. */
  public record Member(String name, boolean required, Type type) {}

  private final String name;
  private final Function<@Nullable Object[], ? extends Shape> maker;
  private final List<Member> members;
  private final Map<String, Integer> places = new HashMap<>();

  private Schema(
      String name, Function<@Nullable Object[], ? extends Shape> maker, List<Member> members) {
    this.name = name;
    this.maker = maker;
    this.members = members;
    for (int i = 0; i < members.size(); i++) {
      places.put(members.get(i).name(), i);
    }
  }

  public static Schema of(
      String name, Function<@Nullable Object[], ? extends Shape> maker, Member... members) {
    return new Schema(name, maker, List.of(members));
  }

  public static Member member(String name, boolean required, Type type) {
    return new Member(name, required, type);
  }

  public String name() {
    return name;
  }

  public List<Member> members() {
    return members;
  }

  /** The place of a member, or -1 where the structure has none of that name. */
  public int place(String member) {
    return places.getOrDefault(member, -1);
  }

  /** Makes the structure from its members' values, in order. */
  public Shape make(@Nullable Object[] values) {
    return maker.apply(values);
  }
}
