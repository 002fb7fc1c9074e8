// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.AckRequest;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.IAMRoleCredentialsAckRequest;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PublishHealthRequest;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestEngine.Available.class)
@Timeout(120)
class AgentMainTest {
  private static final String TASK = "arn:aws:ecs:us-east-1:111122223333:task/demo/aa5c";
  @TempDir Path folder;

  private static PayloadMessage payload(String image) {
    String frame =
        """
        {"type":"PayloadMessage","message":{"messageId":"m1","clusterArn":"%s",
         "containerInstanceArn":"%s","seqNum":2,"timeline":2,"tasks":[{"arn":"%s","taskClusterArn":"%s",
         "family":"web","version":"3","desiredStatus":"RUNNING",
         "roleCredentials":{"credentialsId":"c-task","accessKeyId":"TASKKEY","secretAccessKey":"s",
            "expiration":"2026-11-23T14:20:58Z"},
         "executionRoleCredentials":{"credentialsId":"c-exec","accessKeyId":"EXECKEY","secretAccessKey":"s",
            "expiration":"2026-11-23T14:20:58Z"},
         "containers":[{"name":"web","image":"%s","essential":true,"cpu":10,"memory":32,"stopTimeout":1,
           "command":["/bin/busybox","sh","-c","busybox echo up; busybox wget -q -O - $ECS_AGENT_URI/task-protection/v1/state; busybox echo; busybox test $DB$PW$PORT = s3cr3th1dden5432 && busybox sleep 300"],
           "secrets":[{"name":"DB","valueFrom":"/shop/db:3","provider":"ssm","region":"us-east-1"},
             {"name":"PW","valueFrom":"arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf:password::v1","provider":"asm","region":"us-east-1"},
             {"name":"PORT","valueFrom":"arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf:port::v1","provider":"asm","region":"us-east-1"}],
           "healthCheckType":"docker",
           "dockerConfig":{"config":"{\\"Healthcheck\\":{\\"Test\\":[\\"CMD\\",\\"/bin/busybox\\",\\"true\\"],\\"Interval\\":1000000000}}"},
           "registryAuthentication":{"type":"ecr","ecrAuthData":{"registryId":"111122223333",
              "region":"us-east-1","useExecutionRole":true}}}]}]}}
        """
            .formatted(
                FakePlatform.CLUSTER, FakePlatform.INSTANCE, TASK, FakePlatform.CLUSTER, image);
    return (PayloadMessage) Objects.requireNonNull(AgentFrame.read(frame));
  }

  private static AgentMessage await(
      BlockingQueue<AgentMessage> queue, Predicate<AgentMessage> wanted) throws Exception {
    while (true) {
      AgentMessage next = Objects.requireNonNull(queue.poll(60, TimeUnit.SECONDS), "no message");
      if (wanted.test(next)) {
        return next;
      }
    }
  }

  private static JsonObject report(FakePlatform platform, String status) throws Exception {
    while (true) {
      JsonObject next =
          Objects.requireNonNull(platform.reports.poll(60, TimeUnit.SECONDS), "no report");
      if (status.equals(next.string("status"))) {
        return next;
      }
    }
  }

  private static PayloadMessage sharing(String image) {
    String container =
        """
        {"name":"%s","image":"%s","essential":true,"cpu":10,"memory":32,"stopTimeout":1,
         "command":["/bin/busybox","sh","-c","%s"],"portMappings":[{"containerPort":8080,"hostPort":8080}],
         "registryAuthentication":{"type":"ecr","ecrAuthData":{"registryId":"111122223333",
            "region":"us-east-1","useExecutionRole":true}}}""";
    String serve = "while true; do busybox echo hello | busybox nc -l -p 8080; done";
    String ask =
        "until busybox nc -w 1 127.0.0.1 8080 </dev/null | busybox grep hello; do busybox sleep 0.2;"
            + " done; busybox sleep 300";
    String frame =
        """
        {"type":"PayloadMessage","message":{"messageId":"m1","clusterArn":"%s",
         "containerInstanceArn":"%s","seqNum":2,"timeline":2,"tasks":[{"arn":"%s","taskClusterArn":"%s",
         "family":"web","version":"3","desiredStatus":"RUNNING","networkMode":"awsvpc","ipcMode":"task",
         "executionRoleCredentials":{"credentialsId":"c-exec","accessKeyId":"EXECKEY","secretAccessKey":"s",
            "expiration":"2026-11-23T14:20:58Z"},"containers":[%s,%s]}]}}
        """
            .formatted(
                FakePlatform.CLUSTER,
                FakePlatform.INSTANCE,
                TASK,
                FakePlatform.CLUSTER,
                container.formatted("web", image, serve),
                container.formatted("side", image, ask));
    return (PayloadMessage) Objects.requireNonNull(AgentFrame.read(frame));
  }

  @Test
  void sharesOneAddressAmongTheContainersOfATaskAndEndsWithIt() throws Exception {
    try (var platform = new FakePlatform();
        var agent = new RunningAgent(platform, folder);
        var engine = TestEngine.start().open()) {
      agent.await("{\"reason\":\"\"}");
      platform.toInstance.add(sharing(platform.image()));
      JsonObject running = report(platform, "RUNNING");
      var matcher =
          java.util.regex.Pattern.compile("\"bindIP\":\"(10\\.216\\.[0-9.]+)\"")
              .matcher(dev.holdfast.kit.Json.text(running));
      assertThat(matcher.find()).as(running.toString()).isTrue();
      String address = matcher.group(1);
      assertThat(logs("side", "hello")).contains("hello");
      // From the host that runs it, without a published port.
      String said = "";
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!said.contains("hello") && System.nanoTime() < deadline) {
        said =
            TestEngine.run("sh", "-c", "busybox nc -w 1 " + address + " 8080 </dev/null || true");
      }
      assertThat(said).contains("hello");
      String label = "dev.holdfast.installation=maintest";
      String pause = null;
      for (String id : engine.containers().list(label)) {
        var container = Objects.requireNonNull(engine.containers().inspect(id));
        if ("pause".equals(container.labels().get("dev.holdfast.role"))) {
          pause = id;
          assertThat(container.addresses()).containsValue(address);
        } else {
          assertThat(container.addresses()).isEmpty();
          assertThat(container.bindings()).isEmpty();
        }
      }
      engine.containers().kill(Objects.requireNonNull(pause), "KILL");
      JsonObject stopped = report(platform, "STOPPED");
      assertThat(stopped.string("reason"))
          .isEqualTo("the container that held the task's namespaces has ended");
      try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
          var cleaned =
              control.send(UnixHttpClient.Request.of("POST", "/cleanup", Duration.ofSeconds(20)))) {
        assertThat(cleaned.status()).isEqualTo(204);
      }
      assertThat(engine.containers().list(label)).isEmpty();
    }
  }

  private static String texts(String lines) {
    return lines
        .lines()
        .map(line -> String.valueOf(Json.parseObject(line.getBytes(UTF_8)).string("text")))
        .collect(Collectors.joining());
  }

  private String logs(String container, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String said = "";
    while (!said.contains(text) && System.nanoTime() < deadline) {
      try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
          var logs =
              control.send(
                  UnixHttpClient.Request.of(
                      "GET",
                      "/logs?task=aa5c&whole=true&container=" + container,
                      Duration.ofSeconds(10)))) {
        said = logs.status() == 200 ? texts(new String(logs.bytes(10_000), UTF_8)) : "";
      }
      LockSupport.parkNanos(100_000_000);
    }
    return said;
  }

  @Test
  void joinsRunsATaskAdoptsItAfterARestartAndStopsIt() throws Exception {
    try (var platform = new FakePlatform()) {
      try (var agent = new RunningAgent(platform, folder)) {
        agent.await("{\"reason\":\"\"}");
        platform.toInstance.add(payload(platform.image()));
        await(platform.fromAgent, m -> m instanceof AckRequest);
        await(
            platform.fromAgent,
            m -> m instanceof IAMRoleCredentialsAckRequest a && a.credentialsId().equals("c-exec"));
        JsonObject running = report(platform, "RUNNING");
        assertThat(running.string("task")).isEqualTo(TASK);
        assertThat(running.toString()).contains("sha256:");
        await(
            platform.telemetry,
            m ->
                m instanceof PublishHealthRequest h
                    && "HEALTHY"
                        .equals(h.tasks().getFirst().containers().getFirst().healthStatus()));
        assertThat(platform.callers)
            .contains(
                "GetParameters EXECKEY",
                "GetSecretValue EXECKEY",
                "GetAuthorizationToken EXECKEY",
                "SubmitTaskStateChange HOSTKEY");
        assertThat(logs("web", "protection"))
            .startsWith("up\n{\"protection\":{\"ProtectionEnabled\":true,\"ExpirationDate\":\"20");
        assertThat(platform.callers).contains("GetTaskProtection TASKKEY");
      }
      platform.reports.clear();
      try (var agent = new RunningAgent(platform, folder)) {
        agent.await("{\"reason\":\"\"}");
        String lost = TASK + "lost";
        platform.toInstance.add(
            new TaskManifestMessage(
                "m2",
                FakePlatform.CLUSTER,
                FakePlatform.INSTANCE,
                0,
                3,
                List.of(
                    new TaskIdentity(TASK, FakePlatform.CLUSTER, "RUNNING"),
                    new TaskIdentity(lost, FakePlatform.CLUSTER, "RUNNING"))));
        JsonObject gone = report(platform, "STOPPED");
        assertThat(gone.string("task")).isEqualTo(lost);
        assertThat(gone.string("reason"))
            .isEqualTo("TaskStateError: the containers of the task are gone");
        platform.toInstance.add(
            (PayloadMessage)
                Objects.requireNonNull(
                    AgentFrame.read(
                        "{\"type\":\"PayloadMessage\",\"message\":{\"messageId\":\"m3\","
                            + "\"clusterArn\":\"c\",\"containerInstanceArn\":\"i\",\"tasks\":[{\"arn\":\""
                            + TASK
                            + "\",\"desiredStatus\":\"STOPPED\"}]}}")));
        JsonObject stopped = report(platform, "STOPPED");
        assertThat(stopped.string("task")).isEqualTo(TASK);
        try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
            var cleaned =
                control.send(
                    UnixHttpClient.Request.of("POST", "/cleanup", Duration.ofSeconds(20)))) {
          assertThat(cleaned.status()).isEqualTo(204);
        }
      }
      try (var engine = TestEngine.start().open()) {
        String label = "dev.holdfast.installation=maintest";
        assertThat(engine.containers().list(label)).isEmpty();
        assertThat(engine.networks().list(label)).isEmpty();
      }
      assertThat(TestEngine.run("nft", "list", "tables")).doesNotContain("maintest");
    }
  }
}
