// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.http.Exchange;
import java.time.Instant;
import java.util.Optional;

/** Opens calls for routes that are signed but are no AWS operation (the agents' websockets). */
public interface Door {

  /**
   * Verifies the signature of a bodiless request.
   *
   * @param service the signing name the request must be scoped to
   * @param event the name that the audit gives the call
   * @throws dev.holdfast.aws.ApiError where the request is not signed, or not well
   */
  Call authenticate(Exchange exchange, String service, String event);

  /**
   * A call as it would be let in at a time after it was: by the same key, which is still there and
   * active, and the same session, which is neither over nor revoked.
   *
   * @return empty where it would not be let in
   */
  Optional<Call> again(Call earlier, Instant at);
}
