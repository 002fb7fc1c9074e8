// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.port;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time.
 *
 * @param wall what is said and written of when something was
 * @param settled by which records are given up for good; see the app's settled clock
 * @param nanos by which it is counted how long something takes, whatever becomes of the wall clock;
 *     as {@link System#nanoTime}
 */
public record Clocks(InstantSource wall, InstantSource settled, LongSupplier nanos) {}
