// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.APIErrorType;
import dev.holdfast.aws.secretsmanager.BatchGetSecretValueRequest;
import dev.holdfast.aws.secretsmanager.BatchGetSecretValueResponse;
import dev.holdfast.aws.secretsmanager.SecretValueEntry;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.secrets.plan.Plain;
import dev.holdfast.secrets.plan.SecretFilter;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Reads the current values of up to twenty secrets; those that fail come back by name. */
public record BatchGetSecretValue(Vault vault, PageTokens pages)
    implements Operation<BatchGetSecretValueRequest, BatchGetSecretValueResponse> {
  @Override
  public OperationModel<BatchGetSecretValueRequest, BatchGetSecretValueResponse> model() {
    return SecretsManagerModel.BATCH_GET_SECRET_VALUE;
  }

  @Override
  public Access access(Call call, BatchGetSecretValueRequest in) {
    Demand batch = Demand.on("secretsmanager:BatchGetSecretValue");
    return in.filters().isEmpty()
        ? Access.of(batch)
        : Access.of(batch, Demand.on("secretsmanager:ListSecrets"));
  }

  @Override
  public BatchGetSecretValueResponse handle(Call call, BatchGetSecretValueRequest in) {
    if (in.secretIdList().isEmpty() == in.filters().isEmpty()) {
      throw SecretsManagerError.INVALID_PARAMETER.because(
          "Either 'SecretIdList' or 'Filters' must be provided, but not both.");
    }
    if (in.filters().isEmpty() && (in.maxResults() != null || in.nextToken() != null)) {
      throw SecretsManagerError.INVALID_PARAMETER.because(
          "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' or"
              + " 'NextToken' is provided.");
    }
    PageTokens.Page<String> wanted =
        in.filters().isEmpty()
            ? new PageTokens.Page<>(List.copyOf(new LinkedHashSet<>(in.secretIdList())), null)
            : found(call, in);
    var values = new ArrayList<SecretValueEntry>();
    var errors = new ArrayList<APIErrorType>();
    for (String id : wanted.items()) {
      try {
        values.add(value(call, id));
      } catch (ApiError e) {
        errors.add(
            APIErrorType.builder().secretId(id).errorCode(e.code()).message(e.text()).build());
      }
    }
    return BatchGetSecretValueResponse.builder()
        .secretValues(values)
        .errors(errors)
        .nextToken(wanted.next())
        .build();
  }

  private PageTokens.Page<String> found(Call call, BatchGetSecretValueRequest in) {
    Integer limit = in.maxResults();
    String same = in.toBuilder().nextToken(null).maxResults(null).build().toString();
    var listing = new PageTokens.Listing("BatchGetSecretValue", same, limit == null ? 20 : limit);
    List<SecretFilter> filters = Listed.filters(in.filters());
    return vault
        .state()
        .read(
            view ->
                new Listed(pages, view, call)
                    .page(listing, filters, false, Listed.Order.of(null, null), in.nextToken()))
        .map(
            page ->
                new PageTokens.Page<>(
                    page.items().stream().map(secret -> secret.arn().toString()).toList(),
                    page.next()))
        .orElseThrow(Wire::invalidToken);
  }

  /** One value, decided and recorded as a {@code GetSecretValue} of its own. */
  private SecretValueEntry value(Call call, String id) {
    CallRecord event =
        call.record()
            .another(
                Ids.timedUuid(call.now(), vault.random()),
                call.record().source(),
                "GetSecretValue");
    event.parameters(JsonObject.EMPTY.with("secretId", id));
    var own =
        new Call(
            call.id(),
            call.principal(),
            call.region(),
            call.now(),
            call.origin(),
            call.via(),
            event);
    try {
      vault.guard().require(own, Access.of(vault.versions().reading(own, id, null, null)));
      Versions.Read read = vault.versions().read(own, id, null, null);
      event.end(own, null);
      Versions.Found found = read.found();
      Plain plain = read.plain();
      return SecretValueEntry.builder()
          .arn(found.secret().arn().toString())
          .name(found.secret().name())
          .versionId(found.version().id())
          .secretBinary(plain.binary() ? plain.bytes() : null)
          .secretString(plain.binary() ? null : plain.text())
          .versionStages(found.version().stages())
          .createdDate(found.version().created())
          .build();
    } catch (ApiError e) {
      event.end(own, e);
      throw e;
    } finally {
      event.notes().forEach(call.record()::note);
    }
  }
}
