// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs;

/**
 * What logs may take.
 *
 * @param streamBytes compressed bytes of one stream; beyond, its oldest events go
 * @param accountBytes compressed bytes of an account; beyond, its oldest events go
 * @param streams streams of one group
 * @param groups groups of an account in a region
 */
public record Limits(long streamBytes, long accountBytes, int streams, int groups) {
  public static final Limits STANDARD = new Limits(256L << 20, 4L << 30, 20_000, 10_000);
}
