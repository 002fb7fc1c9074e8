// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.ImageReference;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.AgentNeeds;
import dev.holdfast.ecs.plan.FargateCheck;
import dev.holdfast.ecs.plan.Fault;
import dev.holdfast.ecs.port.Images;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The documents of task definitions, as AWS echoes them. */
final class Definitions {
  private static final JsonArray NONE = new JsonArray(List.of());

  private Definitions() {}

  static ApiError error(Fault fault) {
    return switch (fault.kind()) {
      case CLIENT -> EcsError.CLIENT.because("%s", fault.text());
      case INVALID_PARAMETER -> EcsError.INVALID_PARAMETER.because("%s", fault.text());
    };
  }

  /** The request's document with the defaults that AWS writes into it. */
  static JsonObject normalized(JsonObject request) {
    JsonObject document = without(request, "tags");
    String mode = request.string("networkMode");
    boolean shared = "awsvpc".equals(mode) || "host".equals(mode);
    var containers = new ArrayList<JsonValue>();
    for (JsonValue item : request.array("containerDefinitions")) {
      containers.add(item instanceof JsonObject container ? container(container, shared) : item);
    }
    document = document.with("containerDefinitions", new JsonArray(containers));
    document = absent(document, "volumes", NONE);
    document = absent(document, "placementConstraints", NONE);
    return document;
  }

  /** The launch types that a checked definition can be run with. */
  static JsonArray compatibilities(TaskSpec spec) {
    var types = new ArrayList<String>();
    if (!spec.awsvpc()) {
      types.add("EXTERNAL");
    }
    types.add("EC2");
    if (FargateCheck.fault(spec).isEmpty()) {
      types.add("FARGATE");
    }
    return JsonArray.ofStrings(types);
  }

  /**
   * One container.
   *
   * @param shared whether its ports are those of what all containers share
   */
  private static JsonObject container(JsonObject given, boolean shared) {
    JsonObject container = absent(given, "cpu", JsonValue.JsonNumber.of(0L));
    for (String list :
        List.of("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls")) {
      container = absent(container, list, NONE);
    }
    container = absent(container, "essential", new JsonValue.JsonBool(true));
    var ports = new ArrayList<JsonValue>();
    for (JsonValue item : container.array("portMappings")) {
      ports.add(
          item instanceof JsonObject port
              ? absent(hostPort(port, shared), "protocol", JsonValue.of("tcp"))
              : item);
    }
    container = container.with("portMappings", new JsonArray(ports));
    if (container.get("healthCheck") instanceof JsonObject check) {
      check = absent(check, "interval", JsonValue.JsonNumber.of(30L));
      check = absent(check, "timeout", JsonValue.JsonNumber.of(5L));
      container =
          container.with("healthCheck", absent(check, "retries", JsonValue.JsonNumber.of(3L)));
    }
    return container;
  }

  private static JsonObject hostPort(JsonObject port, boolean shared) {
    Long given = port.integer("hostPort");
    Long inside = port.integer("containerPort");
    return shared && inside != null && (given == null || given == 0)
        ? port.with("hostPort", inside)
        : absent(port, "hostPort", JsonValue.JsonNumber.of(0L));
  }

  private static JsonObject absent(JsonObject object, String member, JsonValue value) {
    return object.get(member) == null ? object.with(member, value) : object;
  }

  private static JsonObject without(JsonObject object, String member) {
    var members = new java.util.LinkedHashMap<>(object.members());
    members.remove(member);
    return new JsonObject(members);
  }

  /** What an agent must be able to do, in AWS's capability names. */
  static JsonArray requiresAttributes(TaskSpec spec, Images images, Call call) {
    var names = new TreeSet<>(AgentNeeds.of(spec));
    for (ContainerSpec c : spec.containerDefinitions()) {
      if (images.parse(String.valueOf(c.image()), call.account(), call.region())
          instanceof ImageReference.Own) {
        names.add("com.amazonaws.ecs.capability.ecr-auth");
        if (spec.executionRoleArn() != null) {
          names.add("ecs.capability.execution-role-ecr-pull");
        }
      }
    }
    return new JsonArray(
        names.stream().<JsonValue>map(n -> JsonObject.EMPTY.with("name", n)).toList());
  }
}
