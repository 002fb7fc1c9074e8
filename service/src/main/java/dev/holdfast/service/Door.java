// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.http.Exchange;

/** Opens calls for routes that are signed but are no AWS operation (the agents' websockets). */
@FunctionalInterface
public interface Door {

  /**
   * Verifies the signature of a bodiless request.
   *
   * @param service the signing name the request must be scoped to
   * @param event the name that the audit gives the call
   * @throws dev.holdfast.aws.ApiError where the request is not signed, or not well
   */
  Call authenticate(Exchange exchange, String service, String event);
}
