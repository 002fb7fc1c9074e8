// SPDX-License-Identifier: Apache-2.0
/** What a container can ask its agent: credentials, metadata, and the platform itself. */
@NullMarked
package dev.holdfast.agent.endpoint;

import org.jspecify.annotations.NullMarked;
