// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy document as it is written, in plain lists. */
public record LiteralDocument(boolean variables, List<Statement> statements) {

  /**
   * A statement.
   *
   * @param principals null where the statement has no such element
   * @param resources likewise
   */
  public record Statement(
      @Nullable String sid,
      boolean allow,
      @Nullable Element principals,
      Element actions,
      @Nullable Element resources,
      List<Test> tests) {}

  /**
   * The entries of an element. Principals are written {@code TYPE name}.
   *
   * @param not whether it is {@code NotPrincipal}, {@code NotAction} or {@code NotResource}
   */
  public record Element(boolean not, List<String> entries) {}

  /** One key under one operator of a Condition element. */
  public record Test(String operator, String key, List<String> values) {}
}
