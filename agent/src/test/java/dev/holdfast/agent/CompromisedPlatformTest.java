// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.http.UnixHttpClient;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A platform that was taken over asks an agent for what its host does not give. It is the agent
 * that refuses, on the request that the engine would get: no container is made, and the reason is
 * reported. The engine is a real one.
 */
@ExtendWith(TestEngine.Available.class)
@Timeout(600)
class CompromisedPlatformTest {
  private static final String TASK = "arn:aws:ecs:us-east-1:111122223333:task/demo/";
  private static final String FAMILY = "taken-over";

  @TempDir Path folder;

  /** Not in the agent's own folder, which no container ever gets. */
  @TempDir Path shared;

  /**
   * What is asked for.
   *
   * @param task members of the task
   * @param container members of its container
   * @param said what the refusal names
   */
  private record Attack(String task, String container, String said) {
    static Attack host(String member, String said) {
      return new Attack("", docker("hostConfig", "{" + member + "}"), said);
    }

    static Attack config(String member, String said) {
      return new Attack("", docker("config", "{" + member + "}"), said);
    }

    static Attack volume(String volume, String said) {
      return new Attack(
          ",\"volumes\":[{\"name\":\"v\"," + volume + "}]",
          ",\"mountPoints\":[{\"sourceVolume\":\"v\",\"containerPath\":\"/v\",\"readOnly\":true}]",
          said);
    }

    private static String docker(String document, String text) {
      return ",\"dockerConfig\":" + Json.text(JsonObject.EMPTY.with(document, text));
    }
  }

  private static final List<Attack> ATTACKS =
      List.of(
          Attack.host("\"Privileged\":true", "privileged containers"),
          Attack.host("\"pRIVILEGED\":true", "pRIVILEGED of this kind"),
          Attack.host("\"Privileged\":false,\"privileged\":true", "privileged of this kind"),
          Attack.host("\"CapAdd\":[\"SYS_ADMIN\"]", "CapAdd"),
          Attack.host("\"CapAdd\":[\"NET_ADMIN\",\"ALL\"]", "CapAdd"),
          Attack.host("\"Devices\":[{\"PathOnHost\":\"/dev/kmsg\"}]", "Devices"),
          Attack.host("\"DeviceCgroupRules\":[\"a *:* rwm\"]", "DeviceCgroupRules"),
          Attack.host("\"Sysctls\":{\"net.ipv4.conf.all.route_localnet\":\"1\"}", "Sysctls"),
          Attack.host("\"Sysctls\":{\"kernel.core_pattern\":\"|/x\"}", "Sysctls"),
          Attack.host("\"SecurityOpt\":[\"seccomp=unconfined\"]", "SecurityOpt"),
          Attack.host("\"SecurityOpt\":[\"apparmor=unconfined\"]", "SecurityOpt"),
          Attack.host("\"MaskedPaths\":[]", "MaskedPaths"),
          Attack.host("\"Binds\":[\"/:/host\"]", "Binds"),
          Attack.host(
              "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/\",\"Target\":\"/host\"}]",
              "the bind mount /,"),
          Attack.host("\"UsernsMode\":\"host\"", "UsernsMode"),
          Attack.host("\"CgroupnsMode\":\"host\"", "CgroupnsMode"),
          Attack.host("\"CgroupParent\":\"/\"", "CgroupParent"),
          Attack.host("\"Runtime\":\"other\"", "Runtime"),
          Attack.host("\"NetworkMode\":\"host\"", "the network mode host"),
          Attack.host("\"NetworkMode\":\"container:other\"", "the network mode container:other"),
          Attack.host("\"VolumesFrom\":[\"another-tasks\"]", "VolumesFrom"),
          Attack.host("\"RestartPolicy\":{\"Name\":\"always\"}", "RestartPolicy"),
          Attack.host("\"Ulimits\":[{\"Name\":\"rtprio\",\"Soft\":9,\"Hard\":9}]", "Ulimits"),
          Attack.config("\"hostconfig\":{\"Privileged\":true}", "the member hostconfig"),
          Attack.config(
              "\"Labels\":{\"dev.holdfast.installation\":\"other\"}",
              "the reserved label dev.holdfast.installation"),
          Attack.config(
              "\"Labels\":{\"com.amazonaws.ecs.task-arn\":\"other\"}",
              "the reserved label com.amazonaws.ecs.task-arn"),
          Attack.config("\"Volumes\":{\"/x\":{}}", "the member Volumes"),
          new Attack(",\"pidMode\":\"host\"", "", "PidMode"),
          new Attack(",\"ipcMode\":\"host\"", "", "IpcMode"),
          new Attack(",\"networkMode\":\"host\"", "", "the network mode host"),
          Attack.volume("\"host\":{\"sourcePath\":\"/\"}", "the bind mount /,"),
          Attack.volume(
              "\"host\":{\"sourcePath\":\"/var/run/docker.sock\"}",
              "the bind mount /var/run/docker.sock,"),
          Attack.volume("\"host\":{\"sourcePath\":\"LISTED/../secret\"}", "the bind mount "),
          Attack.volume("\"host\":{\"sourcePath\":\"LISTED/link\"}", "the bind mount "),
          Attack.volume(
              "\"dockerVolumeConfiguration\":{\"scope\":\"task\",\"driver\":\"local\",\"driverOpts\":"
                  + "{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\"}}",
              "no driver options"),
          Attack.volume(
              "\"dockerVolumeConfiguration\":{\"scope\":\"task\",\"driver\":\"nfs\"}",
              "must have the driver local"));

  private static PayloadMessage payload(List<String> tasks) {
    return (PayloadMessage)
        Objects.requireNonNull(
            AgentFrame.read(
                """
                {"type":"PayloadMessage","message":{"messageId":"m1","clusterArn":"%s",
                 "containerInstanceArn":"%s","seqNum":2,"timeline":2,"tasks":[%s]}}\
                """
                    .formatted(
                        FakePlatform.CLUSTER, FakePlatform.INSTANCE, String.join(",", tasks))));
  }

  private static String task(String id, String image, String family, Attack asked) {
    return """
    {"arn":"%s","taskClusterArn":"%s","family":"%s","version":"1","desiredStatus":"RUNNING",
     "executionRoleCredentials":{"credentialsId":"c-%s","accessKeyId":"EXECKEY","secretAccessKey":"s",
       "expiration":"2026-11-23T14:20:58Z"}%s,
     "containers":[{"name":"web","image":"%s","essential":true,"cpu":10,"memory":16,"stopTimeout":1,
       "command":["/bin/busybox","sleep","300"]%s,
       "registryAuthentication":{"type":"ecr","ecrAuthData":{"registryId":"111122223333",
         "region":"us-east-1","useExecutionRole":true}}}]}\
    """
        .formatted(
            TASK + id, FakePlatform.CLUSTER, family, id, asked.task(), image, asked.container());
  }

  private String here(String json) {
    return json.replace("LISTED", shared.resolve("listed").toString());
  }

  /** What the host's owner lists, with what a link in it leads to. */
  private void host() throws IOException {
    Path listed = Files.createDirectory(shared.resolve("listed"));
    Files.createDirectory(shared.resolve("secret"));
    Files.createSymbolicLink(listed.resolve("link"), shared.resolve("secret"));
    Files.writeString(
        folder.resolve("host-policy.json"),
        "{\"bindMounts\":[{\"path\":\"%s\",\"readOnly\":true}],\"capabilities\":[\"SYS_NICE\"]}"
            .formatted(listed));
  }

  /** The last report of each task, once every attack has ended and the counterparts run. */
  private static Map<String, JsonObject> reports(FakePlatform platform, int attacks)
      throws InterruptedException {
    var last = new HashMap<String, JsonObject>();
    while (last.values().stream().filter(r -> "STOPPED".equals(r.string("status"))).count()
            < attacks
        || !running(last, "plain")
        || !running(last, "listed")) {
      JsonObject next =
          Objects.requireNonNull(
              platform.reports.poll(180, TimeUnit.SECONDS), () -> "no more than " + last);
      String task = String.valueOf(next.string("task")).substring(TASK.length());
      last.put(task, next);
    }
    return last;
  }

  private static boolean running(Map<String, JsonObject> last, String task) {
    JsonObject report = last.get(task);
    return report != null && "RUNNING".equals(report.string("status"));
  }

  @Test
  void whatItsHostDoesNotGiveIsNeverMade() throws Exception {
    host();
    try (var platform = new FakePlatform();
        var agent = new RunningAgent(platform, folder)) {
      agent.await("{\"reason\":\"\"}");
      var tasks = new ArrayList<String>();
      for (int i = 0; i < ATTACKS.size(); i++) {
        tasks.add(here(task("attack" + i, platform.image(), FAMILY, ATTACKS.get(i))));
      }
      tasks.add(task("plain", platform.image(), "honest", new Attack("", "", "")));
      tasks.add(
          here(
              task(
                  "listed",
                  platform.image(),
                  "honest",
                  new Attack(
                      ",\"volumes\":[{\"name\":\"v\",\"host\":{\"sourcePath\":\"LISTED\"}}]",
                      ",\"mountPoints\":[{\"sourceVolume\":\"v\",\"containerPath\":\"/v\",\"readOnly\":true}]"
                          + Attack.host(
                                  "\"CapAdd\":[\"SYS_NICE\"],\"ReadonlyRootfs\":true,"
                                      + "\"Sysctls\":{\"net.core.somaxconn\":\"512\"}",
                                  "")
                              .container(),
                      ""))));
      platform.toInstance.add(payload(tasks));

      Map<String, JsonObject> reports = reports(platform, ATTACKS.size());
      for (int i = 0; i < ATTACKS.size(); i++) {
        Attack attack = ATTACKS.get(i);
        JsonObject report = Objects.requireNonNull(reports.get("attack" + i), attack.toString());
        assertThat(report.string("status")).as(attack.toString()).isEqualTo("STOPPED");
        assertThat(Json.text(report)).as(attack.toString()).contains(attack.said());
        assertThat(Json.text(report)).doesNotContain("runtimeId");
      }
      assertThat(made()).isEmpty();
      assertThat(engine("/containers/json?all=true"))
          .doesNotContain("ecs-" + FAMILY)
          .contains("ecs-honest-1-web");
      listedIsAllThatItGot();
      end(platform);
    }
  }

  /** The names of all containers that the engine was ever made to make for the attacks. */
  private static List<String> made() throws IOException {
    String filters = "%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22create%22%5D%7D";
    String events = engine("/events?since=0&until=" + now() + "&filters=" + filters);
    assertThat(events).contains("ecs-honest-1-web");
    return events.lines().filter(event -> event.contains("ecs-" + FAMILY)).toList();
  }

  private static long now() {
    return InstantSource.system().instant().getEpochSecond() + 1;
  }

  private void listedIsAllThatItGot() throws IOException {
    JsonObject host = JsonObject.EMPTY;
    for (JsonValue one :
        ((JsonArray) Json.parse(engine("/containers/json?all=true").getBytes(UTF_8))).items()) {
      if (one instanceof JsonObject container
          && (TASK + "listed").equals(container.object("Labels").string("dev.holdfast.task-arn"))) {
        host =
            Json.parseObject(engine("/containers/" + container.string("Id") + "/json"))
                .object("HostConfig");
      }
    }
    assertThat(host.isTrue("Privileged")).isFalse();
    assertThat(Json.text(host))
        .contains(
            "\"Source\":\"" + shared.resolve("listed").toRealPath() + "\"",
            "SYS_NICE",
            "no-new-privileges");
  }

  private static String engine(String path) throws IOException {
    return TestEngine.run(
        "curl",
        "-sf",
        "--unix-socket",
        TestEngine.start().socket().toString(),
        "http://engine" + path);
  }

  /** Ends what runs, and leaves nothing. */
  private void end(FakePlatform platform) throws Exception {
    for (String task : List.of("plain", "listed")) {
      platform.toInstance.add(
          payload(
              List.of("{\"arn\":\"%s\",\"desiredStatus\":\"STOPPED\"}".formatted(TASK + task))));
      JsonObject report = JsonObject.EMPTY;
      while (!"STOPPED".equals(report.string("status"))) {
        report = Objects.requireNonNull(platform.reports.poll(180, TimeUnit.SECONDS), "no report");
      }
    }
    try (var control = new UnixHttpClient(folder.resolve("agent.sock"), 1);
        var cleaned =
            control.send(UnixHttpClient.Request.of("POST", "/cleanup", Duration.ofSeconds(60)))) {
      assertThat(cleaned.status()).isEqualTo(204);
    }
    assertThat(engine("/containers/json?all=true")).doesNotContain("maintest");
    assertThat(engine("/volumes")).doesNotContain("maintest");
  }
}
