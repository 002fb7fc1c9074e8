// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;

/** What one service knows must hold in its state; {@code ./holdfast fsck} runs them all. */
public interface Check {
  /** What is checked, for people. */
  String name();

  /** Every table of the service. */
  List<Table<?, ?>> tables();

  /** Looks at one state, whose rows all read, and changes nothing. */
  void run(View view, Consumer<Finding> found);
}
