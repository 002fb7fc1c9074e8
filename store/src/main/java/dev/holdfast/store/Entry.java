// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

/**
 * A key, its value and the revision that wrote it.
 *
 * @param value owned by the reader: engines hand out copies
 */
@SuppressWarnings("ArrayRecordComponent")
public record Entry(Key key, byte[] value, Revision modRevision) {}
