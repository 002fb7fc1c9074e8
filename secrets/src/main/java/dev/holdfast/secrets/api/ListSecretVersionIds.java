// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.ListSecretVersionIdsRequest;
import dev.holdfast.aws.secretsmanager.ListSecretVersionIdsResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import java.util.Comparator;
import java.util.List;

/** Lists the versions of a secret without their values. */
public record ListSecretVersionIds(Vault vault, PageTokens pages)
    implements Operation<ListSecretVersionIdsRequest, ListSecretVersionIdsResponse> {
  @Override
  public OperationModel<ListSecretVersionIdsRequest, ListSecretVersionIdsResponse> model() {
    return SecretsManagerModel.LIST_SECRET_VERSION_IDS;
  }

  @Override
  public Access access(Call call, ListSecretVersionIdsRequest in) {
    return Access.of(vault.demand(call, "secretsmanager:ListSecretVersionIds", in.secretId()));
  }

  @Override
  public ListSecretVersionIdsResponse handle(Call call, ListSecretVersionIdsRequest in) {
    StoredSecret secret = vault.state().read(view -> Vault.named(view, call, in.secretId()));
    boolean all = Boolean.TRUE.equals(in.includeDeprecated());
    List<SecretVersion> versions =
        secret.versions().stream()
            .filter(v -> all || !v.stages().isEmpty())
            .sorted(Comparator.comparing(SecretVersion::id))
            .toList();
    Integer limit = in.maxResults();
    String same = in.toBuilder().nextToken(null).maxResults(null).build().toString();
    var listing = new PageTokens.Listing("ListSecretVersionIds", same, limit == null ? 100 : limit);
    PageTokens.Page<SecretVersion> page =
        pages
            .page(call, listing, versions, SecretVersion::id, in.nextToken())
            .orElseThrow(Wire::invalidToken);
    return ListSecretVersionIdsResponse.builder()
        .versions(page.items().stream().map(Wire::version).toList())
        .nextToken(page.next())
        .arn(secret.arn().toString())
        .name(secret.name())
        .build();
  }
}
