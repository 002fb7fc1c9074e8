// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;

/** The check of what all services share: tags, client tokens and guardrails' exceptions. */
public record CommonCheck() implements Check {
  @Override
  public String name() {
    return "tags, client tokens and exceptions of guardrails";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return List.of(Tags.TAGS, ClientTokens.TOKENS, GuardrailExceptions.EXCEPTIONS);
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    // Whether a row reads as its record is all there is to say of these.
  }
}
