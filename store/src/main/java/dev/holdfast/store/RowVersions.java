// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The versions that a table's rows have had, each with the step from the one before. A row carries
 * its version in the member {@code @v}, which no record has; without it, it is of version 1.
 */
record RowVersions(List<UnaryOperator<JsonObject>> steps) {
  static final RowVersions FIRST = new RowVersions(List.of());

  private static final String MEMBER = "@v";

  RowVersions {
    steps = List.copyOf(steps);
  }

  RowVersions next(UnaryOperator<JsonObject> step) {
    var more = new ArrayList<>(steps);
    more.add(step);
    return new RowVersions(more);
  }

  private int newest() {
    return steps.size() + 1;
  }

  /** A row with its version, as it is kept. */
  byte[] write(byte[] row) {
    return newest() > 1 && Json.parse(row) instanceof JsonObject object
        ? Json.bytes(object.with(MEMBER, newest()))
        : row;
  }

  /**
   * A row as the newest version has it.
   *
   * @throws IllegalArgumentException where it is of a version that is not known yet
   */
  JsonValue read(String table, byte[] bytes) {
    JsonValue value = Json.parse(bytes);
    if (!(value instanceof JsonObject row)) {
      return value;
    }
    int version = version(row);
    if (version < 1 || version > newest()) {
      throw new IllegalArgumentException(
          "a row of `%s` has version %d, and versions up to %d are known"
              .formatted(table, version, newest()));
    }
    for (int done = version; done < newest(); done++) {
      row = steps.get(done - 1).apply(row);
    }
    return row;
  }

  private static int version(JsonObject row) {
    Long written = row.integer(MEMBER);
    return written == null ? 1 : Math.toIntExact(written);
  }
}
