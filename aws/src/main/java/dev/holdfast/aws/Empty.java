// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import org.jspecify.annotations.Nullable;

/** The structure without members, for operations that take or answer nothing. */
public record Empty() implements Shape {
  public static final Schema SCHEMA = Schema.of("Empty", _ -> new Empty());

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public @Nullable Object member(int index) {
    throw new IndexOutOfBoundsException(index);
  }
}
