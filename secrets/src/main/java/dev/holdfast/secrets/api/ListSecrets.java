// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.ListSecretsRequest;
import dev.holdfast.aws.secretsmanager.ListSecretsResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.SecretFilter;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import java.util.List;

/** Lists secrets without their values. */
public record ListSecrets(Vault vault, PageTokens pages)
    implements Operation<ListSecretsRequest, ListSecretsResponse> {
  @Override
  public OperationModel<ListSecretsRequest, ListSecretsResponse> model() {
    return SecretsManagerModel.LIST_SECRETS;
  }

  @Override
  public Access access(Call call, ListSecretsRequest in) {
    return Access.of("secretsmanager:ListSecrets");
  }

  @Override
  public ListSecretsResponse handle(Call call, ListSecretsRequest in) {
    Integer limit = in.maxResults();
    String same = in.toBuilder().nextToken(null).maxResults(null).build().toString();
    var listing = new PageTokens.Listing("ListSecrets", same, limit == null ? 100 : limit);
    boolean planned = Boolean.TRUE.equals(in.includePlannedDeletion());
    Listed.Order order = Listed.Order.of(in.sortBy(), in.sortOrder());
    List<SecretFilter> filters = Listed.filters(in.filters());
    return vault
        .state()
        .read(
            view -> {
              PageTokens.Page<StoredSecret> page =
                  new Listed(pages, view, call)
                      .page(listing, filters, planned, order, in.nextToken())
                      .orElseThrow(Wire::invalidToken);
              return ListSecretsResponse.builder()
                  .secretList(
                      page.items().stream()
                          .map(secret -> Wire.entry(secret, Vault.tags(view, secret)))
                          .toList())
                  .nextToken(page.next())
                  .build();
            });
  }
}
