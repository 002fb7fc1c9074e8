// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A structure of an AWS model: it can describe itself, and the codecs know how to write it. */
public interface Shape {
  Schema schema();

  /** The member at its place in the schema, or null where it is absent. */
  @Nullable Object member(int index);

  /**
   * Whether a member was given at all. Accessors of lists and maps answer an absent one as an empty
   * one; where an empty one means "remove all", this tells them apart.
   */
  default boolean has(String member) {
    return member(schema().place(member)) != null;
  }

  /** The shape as text for logs: sensitive members print as {@code ***}. */
  static String text(Shape shape) {
    var out = new StringBuilder(shape.schema().name()).append('[');
    List<Schema.Member> members = shape.schema().members();
    String separator = "";
    for (int i = 0; i < members.size(); i++) {
      Object value = shape.member(i);
      if (value != null) {
        Schema.Member member = members.get(i);
        out.append(separator).append(member.name()).append('=');
        out.append(member.type().sensitive() ? "***" : text(member.type(), value));
        separator = ", ";
      }
    }
    return out.append(']').toString();
  }

  private static String text(Type type, Object value) {
    return switch (type) {
      case Type.ListType list when list.item().sensitive() -> "***";
      case Type.MapType map when map.value().sensitive() || map.key().sensitive() -> "***";
      case Type.BlobType _ -> "blob of " + ((byte[]) value).length + " bytes";
      case Type.ListType _ -> ((List<?>) value).toString();
      case Type.MapType _ -> ((Map<?, ?>) value).toString();
      default -> value.toString();
    };
  }
}
