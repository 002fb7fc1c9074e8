// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import java.io.IOException;

/** Answers requests; one virtual thread each. */
@FunctionalInterface
public interface HttpHandler {
  void handle(Exchange exchange) throws IOException;
}
