// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.AckRequest;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A host whose platform is away. */
@ExtendWith(TestEngine.Available.class)
@Timeout(120)
final class CutOffTest {
  private static final String TASK = "arn:aws:ecs:us-east-1:111122223333:task/demo/cut0ff";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  CutOffTest() {}

  private static AgentMessage message(String json) {
    return Objects.requireNonNull(AgentFrame.read(json));
  }

  /** One that goes on, one that its policy starts again, and one that ends for good. */
  private static PayloadMessage payload(String image) {
    String container =
        """
        {"name":"%s","image":"%s","essential":%s,"cpu":10,"memory":32,"stopTimeout":1,
         "command":["/bin/busybox","sh","-c","%s"]%s,
         "registryAuthentication":{"type":"ecr","ecrAuthData":{"registryId":"111122223333",
            "region":"us-east-1","useExecutionRole":true}}}""";
    String policy = ",\"restartPolicy\":{\"enabled\":true,\"restartAttemptPeriod\":1}";
    return (PayloadMessage)
        message(
            """
            {"type":"PayloadMessage","message":{"messageId":"m1","clusterArn":"%s",
             "containerInstanceArn":"%s","seqNum":2,"timeline":2,"tasks":[{"arn":"%s","taskClusterArn":"%s",
             "family":"web","version":"3","desiredStatus":"RUNNING",
             "executionRoleCredentials":{"credentialsId":"c-exec","accessKeyId":"EXECKEY",
               "secretAccessKey":"s","expiration":"2026-11-23T14:20:58Z"},"containers":[%s,%s,%s]}]}}
            """
                .formatted(
                    FakePlatform.CLUSTER,
                    FakePlatform.INSTANCE,
                    TASK,
                    FakePlatform.CLUSTER,
                    container.formatted("web", image, true, "busybox sleep 300", ""),
                    container.formatted(
                        "blinks",
                        image,
                        false,
                        "busybox echo began; busybox sleep 2; exit 3",
                        policy),
                    container.formatted("brief", image, false, "busybox sleep 2; exit 4", "")));
  }

  private String logs() throws Exception {
    try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
        var answer =
            control.send(
                UnixHttpClient.Request.of(
                    "GET", "/logs?task=cut0ff&container=blinks", Duration.ofSeconds(20)))) {
      return new String(answer.bytes(100_000), StandardCharsets.UTF_8);
    }
  }

  private static JsonObject report(FakePlatform platform, Predicate<JsonObject> wanted)
      throws Exception {
    while (true) {
      JsonObject next =
          Objects.requireNonNull(platform.reports.poll(60, TimeUnit.SECONDS), "no report");
      if (wanted.test(next)) {
        return next;
      }
      assertThat(next.string("status")).isNotEqualTo("STOPPED");
    }
  }

  private static boolean tellsOfItsEnd(JsonObject report) {
    return Json.text(report).contains("\"exitCode\":4");
  }

  private static Predicate<JsonObject> is(String status) {
    return report -> status.equals(report.string("status"));
  }

  @Test
  void startsContainersAgainByTheirPolicyAndTellsTheRestWhenThePlatformIsBack() throws Exception {
    var platform = new FakePlatform();
    try (var agent = new RunningAgent(platform, folder)) {
      try (platform) {
        agent.await("{\"reason\":\"\"}");
        platform.toInstance.add(payload(platform.image()));
        while (!(platform.fromAgent.poll(60, TimeUnit.SECONDS) instanceof AckRequest)) {
          // Heartbeats and such.
        }
        report(platform, is("RUNNING"));
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (logs().split("began", -1).length < 4) {
        assertThat(System.nanoTime()).as("started twice again").isLessThan(deadline);
        LockSupport.parkNanos(100_000_000);
      }
      try (var back = new FakePlatform(platform.port())) {
        back.toInstance.add(
            new TaskManifestMessage(
                "m2",
                FakePlatform.CLUSTER,
                FakePlatform.INSTANCE,
                0,
                3,
                List.of(new TaskIdentity(TASK, FakePlatform.CLUSTER, "RUNNING"))));
        // The payload again, as a platform sends that has not heard of a task: nothing starts
        // twice.
        back.toInstance.add(payload(back.image()));
        if (platform.reports.stream().noneMatch(CutOffTest::tellsOfItsEnd)) {
          assertThat(report(back, CutOffTest::tellsOfItsEnd).string("status")).isEqualTo("RUNNING");
        }
        assertThat(
                TestEngine.run(
                    "curl",
                    "-sf",
                    "--unix-socket",
                    TestEngine.start().socket().toString(),
                    "http://engine/containers/json?filters=%7B%22label%22%3A%5B%22com.amazonaws.ecs.task-arn%3D"
                        + TASK.replace(":", "%3A").replace("/", "%2F")
                        + "%22%2C%22com.amazonaws.ecs.container-name%3Dweb%22%5D%7D"))
            .containsOnlyOnce("\"Id\"");
        back.toInstance.add(
            message(
                "{\"type\":\"PayloadMessage\",\"message\":{\"messageId\":\"m3\",\"clusterArn\":\"c\","
                    + "\"containerInstanceArn\":\"i\",\"tasks\":[{\"arn\":\""
                    + TASK
                    + "\",\"desiredStatus\":\"STOPPED\"}]}}"));
        assertThat(report(back, is("STOPPED")).string("task")).isEqualTo(TASK);
        try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
            var cleaned =
                control.send(
                    UnixHttpClient.Request.of("POST", "/cleanup", Duration.ofSeconds(20)))) {
          assertThat(cleaned.status()).isEqualTo(204);
        }
      }
    }
  }
}
