// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DiscoverPollEndpointRequest;
import dev.holdfast.aws.ecs.DiscoverPollEndpointResponse;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.plan.Reach;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Operation;
import java.util.List;
import java.util.function.Supplier;

/** Tells agents where the websockets are. */
public final class DiscoverPollEndpoint
    implements Operation<DiscoverPollEndpointRequest, DiscoverPollEndpointResponse> {
  private final Supplier<Endpoint> endpoint;
  private final Supplier<List<String>> outward;
  private final Alarms alarms;

  /**
   * Makes the operation.
   *
   * @param outward where other machines reach the platform over TLS, a host and port each
   */
  public DiscoverPollEndpoint(
      Supplier<Endpoint> endpoint, Supplier<List<String>> outward, Alarms alarms) {
    this.endpoint = endpoint;
    this.outward = outward;
    this.alarms = alarms;
  }

  @Override
  public OperationModel<DiscoverPollEndpointRequest, DiscoverPollEndpointResponse> model() {
    return EcsModel.DISCOVER_POLL_ENDPOINT;
  }

  @Override
  public Access access(Call call, DiscoverPollEndpointRequest in) {
    alarms.refuseTask(call, "DiscoverPollEndpoint");
    return Hosts.isOurs(call)
        ? Access.of(Hosts.demand(call, "ecs:DiscoverPollEndpoint", call.arn("ecs", "host/*")))
        : Access.of("ecs:DiscoverPollEndpoint");
  }

  @Override
  public DiscoverPollEndpointResponse handle(Call call, DiscoverPollEndpointRequest in) {
    String url = Reach.url(call.origin().sourceIp(), endpoint.get().url(), outward.get());
    return DiscoverPollEndpointResponse.builder()
        .endpoint(url + "/acs/")
        .telemetryEndpoint(url + "/tacs/")
        .build();
  }
}
