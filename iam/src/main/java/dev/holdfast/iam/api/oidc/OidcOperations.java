// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.oidc;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class OidcOperations {
  private OidcOperations() {}

  public static List<Operation<?, ?>> of(IamState iam, IssuerSites sites) {
    return List.of(
        new AddClientIDToOpenIDConnectProvider(iam, sites),
        new CreateOpenIDConnectProvider(iam, sites),
        new DeleteOpenIDConnectProvider(iam, sites),
        new GetOpenIDConnectProvider(iam),
        new ListOpenIDConnectProviderTags(iam),
        new ListOpenIDConnectProviders(iam),
        new RemoveClientIDFromOpenIDConnectProvider(iam, sites),
        new TagOpenIDConnectProvider(iam),
        new UntagOpenIDConnectProvider(iam),
        new UpdateOpenIDConnectProviderThumbprint(iam, sites));
  }
}
