// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;

/** The check of what all services share: tags and client tokens. */
public record CommonCheck() implements Check {
  @Override
  public String name() {
    return "tags and client tokens";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return List.of(Tags.TAGS, ClientTokens.TOKENS);
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    // Whether a row reads as its record is all there is to say of these.
  }
}
