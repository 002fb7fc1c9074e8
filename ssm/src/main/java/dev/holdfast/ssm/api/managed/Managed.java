// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ssm.Activation;
import dev.holdfast.aws.ssm.InstanceInformation;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.ssm.control.Machines;
import dev.holdfast.ssm.model.Activation.MachineRole;
import dev.holdfast.ssm.model.ManagedInstance;
import dev.holdfast.ssm.plan.Pings;
import dev.holdfast.ssm.port.MachineRoles;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the operations on activations and machines share. */
public record Managed(State state, MachineRoles roles, PageTokens pages, RandomGenerator random) {

  /** The demand for handing a role to machines. */
  static Demand passing(Call call, String role) {
    return Demand.on("iam:PassRole", Arn.parse(role).orElseThrow())
        .key("iam:PassedToService", MachineRoles.SERVICE)
        .key("iam:AssociatedResourceArn", call.arn("ssm", "managed-instance/*").toString());
  }

  /**
   * The role that a request names, as a name or a path and a name; its ARN is refused as by AWS.
   */
  static MachineRole role(Call call, String name) {
    String plain = name.startsWith("/") ? name.substring(1) : name;
    return MachineRole.of(call.account(), plain);
  }

  /** Refuses a role that machines cannot act as. */
  void requireTrusting(View view, Call call, MachineRole role) {
    if (role.name().startsWith("arn:")) {
      throw Machines.invalid("Not existing role: " + role.name());
    }
    Arn source = ManagedInstance.arn(call.account(), call.region(), "*");
    if (!roles.trusts(view, Arn.parse(role.arn()).orElseThrow(), source)) {
      throw Machines.invalid(
          "Nonexistent role or missing ssm service principal in trust policy: " + role.arn());
    }
  }

  static ManagedInstance required(@Nullable ManagedInstance found, Call call, String id) {
    if (found == null || !found.region().equals(call.region())) {
      throw Machines.noInstance(id);
    }
    return found;
  }

  static Demand onInstance(Call call, String action, String id) {
    return Demand.on(action, ManagedInstance.arn(call.account(), call.region(), id));
  }

  static ApiError invalidToken() {
    return SsmError.INVALID_NEXT_TOKEN.because("the token is not one of this listing");
  }

  static Activation shown(dev.holdfast.ssm.model.Activation activation, Instant now) {
    return Activation.builder()
        .activationId(activation.id())
        .description(activation.description())
        .defaultInstanceName(activation.defaultInstanceName())
        .iamRole(activation.role().name())
        .registrationLimit(activation.limits().machines())
        .registrationsCount(activation.registered())
        .expirationDate(activation.limits().expires())
        .expired(activation.expiredAt(now))
        .createdDate(activation.created())
        .tags(
            activation.tags().entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList())
        .build();
  }

  static InstanceInformation shown(ManagedInstance instance, Instant now) {
    var information =
        InstanceInformation.builder()
            .instanceId(instance.id())
            .pingStatus(Pings.status(instance, now))
            .lastPingDateTime(instance.heard())
            .activationId(instance.activation())
            .iamRole(instance.role().name())
            .registrationDate(instance.registered())
            .resourceType("ManagedInstance")
            .name(instance.name())
            .sourceId(instance.id())
            .sourceType("AWS::SSM::ManagedInstance");
    ManagedInstance.Ping ping = instance.ping();
    if (ping != null) {
      information
          .agentVersion(ping.agent().version())
          .computerName(ping.agent().computerName())
          .ipAddress(ping.agent().address())
          .platformType(ping.platform().type())
          .platformName(ping.platform().name())
          .platformVersion(ping.platform().version());
    }
    return information.build();
  }
}
