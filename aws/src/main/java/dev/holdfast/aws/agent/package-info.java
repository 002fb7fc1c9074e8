// SPDX-License-Identifier: Apache-2.0
/**
 * The messages of the ECS agent's two websockets, ACS (commands) and TACS (telemetry), and their
 * framing; used by the platform and by the agent.
 */
@NullMarked
package dev.holdfast.aws.agent;

import org.jspecify.annotations.NullMarked;
