// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import dev.holdfast.kit.AccountId;
import java.util.List;

/** A row that was put or deleted; read its present state with {@link View#row}. */
public record Change(
    String table, AccountId account, List<String> key, Revision revision, Event.Kind kind) {}
