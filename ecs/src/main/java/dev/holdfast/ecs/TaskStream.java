// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;

/** The log stream that a container of a task writes to, with the driver {@code awslogs}. */
public record TaskStream(
    String container, AccountId account, Region region, String group, String stream) {}
