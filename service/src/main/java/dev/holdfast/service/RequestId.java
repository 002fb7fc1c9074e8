// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.Text;

/** The id of one call, which the client, the log and the audit record all show. */
public record RequestId(String text) implements Text {
  @Override
  public String toString() {
    return text;
  }
}
