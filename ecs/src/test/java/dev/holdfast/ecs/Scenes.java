// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.ecs.RegisterTaskDefinitionResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.service.Principal;

/** What most tests begin with. */
final class Scenes {
  static final String WEB =
      """
      {"family":"web","executionRoleArn":"%s","containerDefinitions":[{"name":"app",
       "image":"127.0.0.1:4566/shop/web:1","memory":128,"portMappings":[{"containerPort":80}],
       "healthCheck":{"command":["CMD-SHELL","true"]},
       "environment":[{"name":"A","value":"1"}],
       "secrets":[{"name":"DB","valueFrom":"/shop/*/db-password"}]}]}
      """
          .formatted(Fixture.ROLE);

  private Scenes() {}

  static void cluster(Fixture f) {
    var _ =
        f.call(
            "CreateCluster",
            "{\"clusterName\":\"shop\"}",
            dev.holdfast.aws.ecs.CreateClusterResponse.class);
  }

  static dev.holdfast.aws.ecs.TaskDefinition register(Fixture f, String json) {
    var definition =
        f.call("RegisterTaskDefinition", json, RegisterTaskDefinitionResponse.class)
            .taskDefinition();
    if (definition == null) {
      throw new AssertionError("no definition");
    }
    return definition;
  }

  /** A cluster, two parameters, and the definition that chooses one by pattern. */
  static void shop(Fixture f) {
    cluster(f);
    f.parameter("/shop/dev/db-password", 3, "dev");
    f.parameter("/shop/prod/db-password", 7, "prod");
    register(f, WEB);
  }

  static RunTaskResponse run(Fixture f, String more) {
    return run(f, Fixture.user(), more);
  }

  static RunTaskResponse run(Fixture f, Principal caller, String more) {
    return f.call(
        caller,
        "RunTask",
        "{\"cluster\":\"shop\",\"taskDefinition\":\"web\"" + more + "}",
        RunTaskResponse.class);
  }

  static Task task(RunTaskResponse response) {
    if (response.tasks().size() != 1) {
      throw new AssertionError(response.failures().toString());
    }
    return response.tasks().getFirst();
  }
}
