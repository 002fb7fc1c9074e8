// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionRequest;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.Members;
import dev.holdfast.ecs.plan.TaskDefinitionCheck;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.ecs.port.Roles;
import dev.holdfast.ecs.state.ImageRules;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Registers a revision of a family, its images resolved to digests. */
public final class RegisterTaskDefinition
    implements Operation<RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse> {
  /** AWS's quota; each agent is sent the definition of each of its tasks. */
  private static final int LONGEST = 64 * 1024;

  private final State state;
  private final Images images;
  private final Roles roles;
  private final Guardrails guardrails;
  private final ImageRules rules;

  public RegisterTaskDefinition(State state, Images images, Roles roles, Guardrails guardrails) {
    this.state = state;
    this.images = images;
    this.roles = roles;
    this.guardrails = guardrails;
    this.rules = new ImageRules(images);
  }

  private static List<Arn> roles(Call call, RegisterTaskDefinitionRequest in) {
    return Stream.of(Names.role(call, in.taskRoleArn()), Names.role(call, in.executionRoleArn()))
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public OperationModel<RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse> model() {
    return EcsModel.REGISTER_TASK_DEFINITION;
  }

  @Override
  public Access access(Call call, RegisterTaskDefinitionRequest in) {
    var arn = call.arn("ecs", "task-definition/" + in.family() + ":*");
    boolean privileged =
        in.containerDefinitions().stream().anyMatch(c -> Boolean.TRUE.equals(c.privileged()));
    var access =
        Access.of(
            Demand.on("ecs:RegisterTaskDefinition", arn)
                .key("ecs:task-cpu", TaskSize.cpuKey(in.cpu()))
                .key("ecs:task-memory", TaskSize.memoryKey(in.memory()))
                .keys("ecs:compute-compatibility", in.requiresCompatibilities())
                .key("ecs:privileged", Boolean.toString(privileged))
                .made(TagRequests.map(in.tags())));
    return Names.passing(
        TagRequests.creating(access, "RegisterTaskDefinition", arn, in.tags()),
        roles(call, in),
        arn);
  }

  @Override
  public RegisterTaskDefinitionResponse handle(Call call, RegisterTaskDefinitionRequest in) {
    JsonObject given = Wire.json(in);
    int length = Json.bytes(given).length;
    if (length > LONGEST) {
      throw EcsError.CLIENT.because(
          "Actual length: '%d'. Max allowed length is '%d' bytes.", length, LONGEST);
    }
    Members.fault(given)
        .ifPresent(
            text -> {
              throw EcsError.INVALID_PARAMETER.because("%s", text);
            });
    var tags = TagRequests.checked(in.tags());
    JsonObject document = document(call, in, given);
    TaskSpec spec = TaskSpec.of(document);
    TaskDefinitionCheck.fault(spec)
        .ifPresent(
            fault -> {
              throw Definitions.error(fault);
            });
    return state.commit(
        call,
        tx -> {
          for (Arn role : roles(call, in)) {
            if (roles.find(tx, role, call.arn("ecs", "task/*")).isEmpty()) {
              throw EcsError.CLIENT.because("Role is not valid");
            }
          }
          var key = next(tx, call, in.family());
          var definition =
              new TaskDefinition(
                  key,
                  document,
                  rules.pin(tx, Starter.of(call, guardrails), spec),
                  TaskDefinition.Status.ACTIVE,
                  call.now(),
                  null,
                  null);
          tx.put(EcsTables.TASK_DEFINITIONS, key.account(), key, definition);
          Tags.add(tx, key.account(), key.arn(), tags);
          return RegisterTaskDefinitionResponse.builder()
              .taskDefinition(Wire.definition(definition))
              .tags(in.tags().isEmpty() ? null : TagRequests.shapes(tags))
              .build();
        });
  }

  private JsonObject document(Call call, RegisterTaskDefinitionRequest in, JsonObject given) {
    JsonObject document =
        Definitions.normalized(given).with("registeredBy", call.principal().arn().toString());
    Arn taskRole = Names.role(call, in.taskRoleArn());
    Arn executionRole = Names.role(call, in.executionRoleArn());
    if (taskRole != null) {
      document = document.with("taskRoleArn", taskRole.toString());
    }
    if (executionRole != null) {
      document = document.with("executionRoleArn", executionRole.toString());
    }
    TaskSpec spec = TaskSpec.of(document);
    return document
        .with("compatibilities", Definitions.compatibilities(spec))
        .with("requiresAttributes", Definitions.requiresAttributes(spec, images, call));
  }

  private static TaskDefinition.Key next(Tx tx, Call call, String family) {
    var place = new EcsTables.FamilyKey(call.region().name(), family);
    EcsTables.Family row = tx.get(EcsTables.FAMILIES, call.account(), place);
    int revision = row == null ? 1 : row.lastRevision() + 1;
    tx.put(EcsTables.FAMILIES, call.account(), place, new EcsTables.Family(family, revision));
    return new TaskDefinition.Key(call.account(), call.region(), family, revision);
  }
}
