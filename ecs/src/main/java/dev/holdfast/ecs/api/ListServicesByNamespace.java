// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListServicesByNamespaceRequest;
import dev.holdfast.aws.ecs.ListServicesByNamespaceResponse;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import java.util.List;

/** Lists the services of a Cloud Map namespace; there is none, so none is found. */
public final class ListServicesByNamespace
    implements Operation<ListServicesByNamespaceRequest, ListServicesByNamespaceResponse> {
  private final Pages pages;

  public ListServicesByNamespace(PageTokens tokens) {
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListServicesByNamespaceRequest, ListServicesByNamespaceResponse> model() {
    return EcsModel.LIST_SERVICES_BY_NAMESPACE;
  }

  @Override
  public Access access(Call call, ListServicesByNamespaceRequest in) {
    return Access.of(Demand.on("ecs:ListServicesByNamespace").key("ecs:namespace", in.namespace()));
  }

  @Override
  public ListServicesByNamespaceResponse handle(Call call, ListServicesByNamespaceRequest in) {
    if (in.namespace().isEmpty() || in.namespace().length() > 1024) {
      throw EcsError.INVALID_PARAMETER.because("namespace must have 1 to 1024 characters");
    }
    var wanted =
        new Pages.Wanted(
            "ListServicesByNamespace", in.namespace(), in.maxResults(), in.nextToken());
    pages.page(call, wanted, List.<String>of(), name -> name);
    throw EcsError.NAMESPACE_NOT_FOUND.because("Namespace not found.");
  }
}
