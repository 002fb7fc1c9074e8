// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.CreateActivationRequest;
import dev.holdfast.aws.ssm.CreateActivationResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.Tag;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.control.Machines;
import dev.holdfast.ssm.model.Activation;
import dev.holdfast.ssm.model.Activation.MachineRole;
import dev.holdfast.ssm.model.ManagedTables;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** Lets machines register themselves; the code in its answer is shown this once. */
public record CreateActivation(Managed managed)
    implements Operation<CreateActivationRequest, CreateActivationResult> {
  private static final Duration DEFAULT_LIFE = Duration.ofHours(24);
  private static final Duration LONGEST_LIFE = Duration.ofDays(30);

  /** 120 random bits, 20 characters. */
  private static final int CODE_BYTES = 15;

  @Override
  public OperationModel<CreateActivationRequest, CreateActivationResult> model() {
    return SsmModel.CREATE_ACTIVATION;
  }

  @Override
  public Access access(Call call, CreateActivationRequest in) {
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access =
        Access.of(
            Demand.on("ssm:CreateActivation").requestTags(tags),
            Managed.passing(call, Managed.role(call, in.iamRole()).arn()));
    return tags.isEmpty()
        ? access
        : access.and(Managed.onInstance(call, "ssm:AddTagsToResource", "*").made(tags));
  }

  @Override
  public CreateActivationResult handle(Call call, CreateActivationRequest in) {
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Tags.fault(tags)
        .ifPresent(
            fault -> {
              throw Machines.invalid(fault);
            });
    if (!in.registrationMetadata().isEmpty()) {
      throw Machines.invalid("registration metadata is not served yet: `RegistrationMetadata`");
    }
    String id = Ids.uuid(managed.random());
    byte[] drawn = new byte[CODE_BYTES];
    managed.random().nextBytes(drawn);
    String code = Base64.getEncoder().encodeToString(drawn);
    MachineRole role = Managed.role(call, in.iamRole());
    Integer limit = in.registrationLimit();
    var activation =
        new Activation(
            id,
            call.account(),
            call.region(),
            Activation.hash(id, code),
            role,
            in.description(),
            in.defaultInstanceName(),
            new Activation.Limits(limit == null ? 1 : limit, expires(call, in)),
            0,
            call.now(),
            tags);
    return managed
        .state()
        .commit(
            call,
            tx -> {
              managed.requireTrusting(tx, call, role);
              if (ManagedTables.activations(tx, call.account()).size() >= ManagedTables.MOST) {
                throw Machines.invalid(
                    "an account has at most %d activations: delete those that are over"
                        .formatted(ManagedTables.MOST));
              }
              ManagedTables.put(tx, activation);
              return CreateActivationResult.builder().activationId(id).activationCode(code).build();
            });
  }

  private static Instant expires(Call call, CreateActivationRequest in) {
    Instant asked = in.expirationDate();
    if (asked == null) {
      return call.now().plus(DEFAULT_LIFE);
    }
    if (!asked.isAfter(call.now()) || asked.isAfter(call.now().plus(LONGEST_LIFE))) {
      throw Machines.invalid(
          "the expiration date lies in the future, and at most 30 days from now");
    }
    return asked;
  }
}
