// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

/**
 * An event of a stream.
 *
 * @param timestamp milliseconds, as its writer says
 * @param ingested milliseconds, when it arrived
 * @param number counts the events of its stream from 0, in the order of their arrival
 */
public record LogEvent(long timestamp, long ingested, long number, String message) {
  /** Without the message, which may hold anything. */
  @Override
  public String toString() {
    return "LogEvent[" + number + " at " + timestamp + "]";
  }
}
