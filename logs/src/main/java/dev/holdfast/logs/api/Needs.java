// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.api;

import dev.holdfast.logs.control.Keeper;
import dev.holdfast.logs.control.Sweeper;
import dev.holdfast.logs.control.Usage;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.util.random.RandomGenerator;

/** What the operations of CloudWatch Logs share. */
public record Needs(
    State state,
    PageTokens pages,
    RandomGenerator random,
    Keeper keeper,
    Sweeper sweeper,
    Usage usage) {}
