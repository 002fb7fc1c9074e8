// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

import dev.holdfast.kit.AccountId;

/** A stream that is deleted, by its id, while its pieces are still being taken away. */
public record Removal(AccountId account, String stream) {}
