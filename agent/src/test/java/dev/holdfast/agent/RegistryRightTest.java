// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A container of an image that the host holds is made while its registry is asked, and waits. */
@ExtendWith(TestEngine.Available.class)
@Timeout(120)
class RegistryRightTest {
  private static final String ARN = "arn:aws:ecs:us-east-1:111122223333:task/demo/";

  @TempDir Path folder;

  private static PayloadMessage payload(String task, String status, String image) {
    String container =
        """
        {"name":"web","image":"%s","essential":true,"cpu":10,"memory":32,"stopTimeout":1,
         "command":["/bin/busybox","sh","-c","busybox sleep 300"],
         "registryAuthentication":{"type":"ecr","ecrAuthData":{"registryId":"111122223333",
            "region":"us-east-1","useExecutionRole":true}}}"""
            .formatted(image);
    String frame =
        """
        {"type":"PayloadMessage","message":{"messageId":"m-%s","clusterArn":"%s",
         "containerInstanceArn":"%s","seqNum":2,"timeline":2,"tasks":[{"arn":"%s","taskClusterArn":"%s",
         "family":"web","version":"3","desiredStatus":"%s",
         "executionRoleCredentials":{"credentialsId":"c-exec","accessKeyId":"EXECKEY",
           "secretAccessKey":"s","expiration":"2026-11-23T14:20:58Z"},"containers":[%s]}]}}
        """
            .formatted(
                task + status,
                FakePlatform.CLUSTER,
                FakePlatform.INSTANCE,
                ARN + task,
                FakePlatform.CLUSTER,
                status,
                container);
    return (PayloadMessage) Objects.requireNonNull(AgentFrame.read(frame));
  }

  private static JsonObject report(FakePlatform platform, String task, String status)
      throws InterruptedException {
    while (true) {
      JsonObject next =
          Objects.requireNonNull(platform.reports.poll(60, TimeUnit.SECONDS), "no report");
      if ((ARN + task).equals(next.string("task"))) {
        assertThat(next.string("status")).as(next.toString()).isEqualTo(status);
        return next;
      }
    }
  }

  private static List<String> containers(DockerEngine engine, String task) throws Exception {
    return engine.containers().list("dev.holdfast.task-arn=" + ARN + task);
  }

  private static Container made(DockerEngine engine, String task) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      for (String id : containers(engine, task)) {
        Container made = engine.containers().inspect(id);
        if (made != null) { // one that is just being made is listed before
          return made;
        }
      }
      assertThat(System.nanoTime()).as("the container is made").isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private void end(FakePlatform platform, String... tasks) throws Exception {
    for (String task : tasks) {
      platform.toInstance.add(payload(task, "STOPPED", platform.image()));
      report(platform, task, "STOPPED");
    }
    try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
        var cleaned =
            control.send(UnixHttpClient.Request.of("POST", "/cleanup", Duration.ofSeconds(20)))) {
      assertThat(cleaned.status()).isEqualTo(204);
    }
  }

  @Test
  void startsOnceTheRegistrySaysThatItMay() throws Exception {
    try (var platform = new FakePlatform();
        var agent = new RunningAgent(platform, folder);
        var engine = TestEngine.start().open()) {
      agent.await("{\"reason\":\"\"}");
      platform.toInstance.add(payload("first", "RUNNING", platform.image()));
      report(platform, "first", "RUNNING");

      var asked = new CountDownLatch(1);
      var answer = new CompletableFuture<Boolean>();
      platform.gives =
          () -> {
            asked.countDown();
            return answer.join();
          };
      platform.toInstance.add(payload("second", "RUNNING", platform.image()));
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(made(engine, "second").status()).isEqualTo("created");
      answer.complete(true);
      report(platform, "second", "RUNNING");
      assertThat(made(engine, "second").running()).isTrue();
      end(platform, "first", "second");
    }
  }

  @Test
  void neverStartsWhereTheRegistrySaysNo() throws Exception {
    try (var platform = new FakePlatform();
        var agent = new RunningAgent(platform, folder);
        var engine = TestEngine.start().open()) {
      agent.await("{\"reason\":\"\"}");
      platform.toInstance.add(payload("first", "RUNNING", platform.image()));
      report(platform, "first", "RUNNING");

      var answer = new CompletableFuture<Boolean>();
      platform.gives = answer::join;
      platform.denies = true;
      platform.toInstance.add(payload("second", "RUNNING", platform.image()));
      assertThat(made(engine, "second").status()).isEqualTo("created");
      answer.complete(false);
      JsonObject stopped = report(platform, "second", "STOPPED");
      assertThat(stopped.string("reason")).startsWith("CannotPullContainerError: ");
      assertThat(containers(engine, "second")).as("nothing is left of it").isEmpty();
      end(platform, "first");
    }
  }

  @Test
  void neverStartsWhatWasStoppedWhileTheRegistryWasAsked() throws Exception {
    try (var platform = new FakePlatform();
        var agent = new RunningAgent(platform, folder);
        var engine = TestEngine.start().open()) {
      agent.await("{\"reason\":\"\"}");
      platform.toInstance.add(payload("first", "RUNNING", platform.image()));
      report(platform, "first", "RUNNING");

      var answer = new CompletableFuture<Boolean>();
      platform.gives = answer::join;
      platform.toInstance.add(payload("second", "RUNNING", platform.image()));
      assertThat(made(engine, "second").status()).isEqualTo("created");
      platform.toInstance.add(payload("second", "STOPPED", platform.image()));
      // Messages are taken in turn: once the first has stopped, the second knows that it is to
      // stop.
      platform.toInstance.add(payload("first", "STOPPED", platform.image()));
      String stopped = "";
      while (!stopped.equals(ARN + "second")) {
        JsonObject next =
            Objects.requireNonNull(platform.reports.poll(60, TimeUnit.SECONDS), "no report");
        assertThat(next.string("status")).as(next.toString()).isEqualTo("STOPPED");
        stopped = String.valueOf(next.string("task"));
        answer.complete(true);
      }
      assertThat(made(engine, "second").status()).isEqualTo("created");
      end(platform);
    }
  }
}
