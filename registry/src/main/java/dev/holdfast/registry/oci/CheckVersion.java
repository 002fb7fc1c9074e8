// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.service.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /v2/}: the registry is one, and the token is good ({@code docker login}). */
final class CheckVersion implements OciOperation {
  @Override
  public String event() {
    return "GetAuthorizationToken";
  }

  @Override
  public Access access(OciCall call) {
    return Access.SIGNED;
  }

  @Override
  public void handle(OciCall call) throws IOException {
    call.respond(
        200,
        List.of(new Header("Content-Type", "application/json")),
        "{}".getBytes(StandardCharsets.UTF_8));
  }
}
