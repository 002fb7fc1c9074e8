// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.ContainerDefinition;
import dev.holdfast.aws.ecs.CreateClusterRequest;
import dev.holdfast.aws.ecs.CreateServiceRequest;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionRequest;
import dev.holdfast.aws.ecs.UpdateServiceRequest;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.http.UnixHttpClient.Request;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the admin socket shows, asked as the commands ask. */
class DailyDoorTest {
  @TempDir Path folder;

  private JsonObject get(String target) throws IOException {
    try (var client = new UnixHttpClient(folder.resolve("s"), 2);
        var answer = client.send(Request.of("GET", target, Duration.ofSeconds(60)))) {
      assertThat(answer.status()).isEqualTo(200);
      return Json.parseObject(answer.bytes(1 << 20));
    }
  }

  private static List<String> names(JsonObject page) {
    return page.array("events").stream()
        .map(e -> ((JsonObject) e).object("event").object("detail").string("eventName"))
        .toList();
  }

  private static void service(AwsClient aws) throws Exception {
    var _ =
        aws.call(
            EcsModel.CREATE_CLUSTER, CreateClusterRequest.builder().clusterName("shop").build());
    var _ =
        aws.call(
            EcsModel.REGISTER_TASK_DEFINITION,
            RegisterTaskDefinitionRequest.builder()
                .family("web")
                .containerDefinitions(
                    List.of(
                        ContainerDefinition.builder()
                            .name("app")
                            .image("example.com/web:1")
                            .memory(64)
                            .build()))
                .build());
    var _ =
        aws.call(
            EcsModel.CREATE_SERVICE,
            CreateServiceRequest.builder()
                .cluster("shop")
                .serviceName("web")
                .taskDefinition("web")
                .desiredCount(0)
                .build());
  }

  @Test
  void showsWhatIsAndWhatHappens() throws Exception {
    try (TestPlatform platform = TestPlatform.start();
        HttpClient http = HttpClient.newHttpClient();
        var _ =
            HttpServer.start(
                folder.resolve("s"),
                exchange -> {
                  if (!platform.daily().handle(exchange)) {
                    exchange.respond(404, List.of(), new byte[0]);
                  }
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(get("/ps").string("hint")).contains("create-cluster");
      var keys = platform.account().administrator();
      var aws =
          new AwsClient(http, platform.url(), "eu-test-1", () -> keys, InstantSource.system());
      service(aws);

      JsonObject first = get("/events?after=0&wait=30&limit=1");
      assertThat(names(first)).containsExactly("SERVICE_DEPLOYMENT_IN_PROGRESS");
      assertThat(first.isTrue("gap")).isFalse();
      assertThat(get("/ps?cluster=shop").string("hint")).contains("run-task --cluster shop");
      assertThat(get("/top").array("tasks")).isEmpty();
      assertThat(get("/tasks/named?task=0123456789ab").array("tasks")).isEmpty();

      // All that the first deployment brings, then the next event and nothing before it.
      JsonObject page = first;
      while (!names(page).contains("SERVICE_STEADY_STATE")) {
        page = get("/events?wait=30&after=" + page.integer("next"));
      }
      assertThat(get("/history?service=web").array("entries")).hasSize(1);
      long after = Objects.requireNonNull(page.integer("next"));
      var waiting = threads.submit(() -> get("/events?service=web&wait=30&limit=1&after=" + after));
      var _ =
          aws.call(
              EcsModel.UPDATE_SERVICE,
              UpdateServiceRequest.builder()
                  .cluster("shop")
                  .service("web")
                  .forceNewDeployment(true)
                  .build());
      assertThat(names(waiting.get(60, TimeUnit.SECONDS)))
          .containsExactly("SERVICE_DEPLOYMENT_IN_PROGRESS");
      assertThat(get("/events?cluster=other&after=0").array("events")).isEmpty();
      assertThat(get("/events?after=99999").isTrue("gap")).isTrue();
    }
  }
}
