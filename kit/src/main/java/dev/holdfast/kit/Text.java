// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

/** A record of one {@code String} component that is stored and written as that string. */
public interface Text {}
