// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.agent.TestEngine;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.agent.engine.Networks;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestEngine.Available.class)
@Timeout(90)
class TaskNetworksTest {
  private static final int PORT = 51699;
  private static final String ASK =
      "busybox printf 'GET / HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 %s %d";

  private static String shell(DockerEngine engine, TaskNetwork network, String command)
      throws Exception {
    JsonObject request =
        Json.parseObject("{\"Image\":\"" + TestEngine.IMAGE + "\",\"HostConfig\":{}}")
            .with(
                "Cmd",
                dev.holdfast.kit.JsonValue.JsonArray.ofStrings(
                    java.util.List.of("/bin/busybox", "sh", "-c", command)))
            .with("HostConfig", JsonObject.EMPTY.with("NetworkMode", network.name()));
    JsonObject admitted =
        new HostPolicy(HostRules.DEFAULT)
            .admit(
                request,
                new HostPolicy.TaskScope(network.name(), Set.of(), Set.of(), "127.0.0.1", ""));
    String id = engine.containers().create("test-" + network.bridge(), admitted);
    try {
      engine.containers().start(id);
      engine.containers().await(id, Duration.ofSeconds(30));
      var text = new StringBuilder();
      try (ContainerLogs logs = engine.containers().logs(id, false, java.time.Instant.EPOCH)) {
        for (var piece = logs.next(); piece != null; piece = logs.next()) {
          text.append(piece.text());
        }
      }
      return text.toString();
    } finally {
      engine.containers().remove(id);
    }
  }

  private static TaskNetworks networks(DockerEngine engine, int spares) {
    return new TaskNetworks(
        engine,
        new Firewall("netstest", PORT),
        "netstest",
        SubnetPool.parse("10.214.0.0/20"),
        new Random(17),
        spares);
  }

  /** A container of a task that was made and never started. */
  private static String create(DockerEngine engine, TaskNetwork network, String task)
      throws Exception {
    JsonObject labels =
        JsonObject.EMPTY.with(TaskNetworks.INSTALLATION, "netstest").with(TaskNetworks.TASK, task);
    return engine
        .containers()
        .create(
            "made-" + network.bridge(),
            JsonObject.EMPTY
                .with("Image", TestEngine.IMAGE)
                .with("Cmd", JsonArray.ofStrings(List.of("/bin/busybox", "true")))
                .with("Labels", labels)
                .with("HostConfig", JsonObject.EMPTY.with("NetworkMode", network.name())));
  }

  private static List<String> ids(DockerEngine engine) throws Exception {
    return engine.networks().list(TaskNetworks.INSTALLATION + "=netstest").stream()
        .map(Networks.Network::id)
        .toList();
  }

  private static void awaitSpares(DockerEngine engine, int count) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (ids(engine).size() < count && System.nanoTime() < end) {
      LockSupport.parkNanos(20_000_000);
    }
    assertThat(ids(engine)).hasSize(count);
  }

  @Test
  void givesATaskANetworkThatWasMadeAheadAndNoTaskAnothersNetwork() throws Exception {
    try (DockerEngine engine = TestEngine.start().open();
        TaskNetworks networks = networks(engine, 1)) {
      networks.stock();
      awaitSpares(engine, 1);
      String ready = ids(engine).getFirst();
      TaskNetwork first = networks.create("arn:task/1");
      assertThat(first.id()).isEqualTo(ready);
      assertThat(networks.create("arn:task/1")).isEqualTo(first);
      assertThat(networks.create("arn:task/2").id()).isNotEqualTo(ready);
      networks.clear(Set.of());
      assertThat(ids(engine)).isEmpty();
    }
  }

  @Test
  void findsTheTaskOfANetworkByAContainerThatNeverStarted() throws Exception {
    try (DockerEngine engine = TestEngine.start().open()) {
      TaskNetworks before = networks(engine, 0);
      TaskNetwork network = before.create("arn:task/1");
      TaskNetwork empty = before.create("arn:task/2");
      String id = create(engine, network, "arn:task/1");
      try (TaskNetworks after = networks(engine, 0)) {
        assertThat(after.recover()).containsExactly(network);
        // The other task had no container yet: its network is as good as any.
        assertThat(after.create("arn:task/3").id()).isEqualTo(empty.id());
        engine.containers().remove(id);
        after.clear(Set.of());
      }
      assertThat(ids(engine)).isEmpty();
      assertThat(TestEngine.run("nft", "list", "tables")).doesNotContain("netstest");
    }
  }

  @Test
  void noticesThatANetworkMadeAheadWasPruned() throws Exception {
    try (DockerEngine engine = TestEngine.start().open();
        TaskNetworks networks = networks(engine, 1)) {
      networks.stock();
      awaitSpares(engine, 1);
      String pruned = ids(engine).getFirst();
      engine.networks().remove(pruned);
      assertThat(networks.create("arn:task/1").id()).isNotEqualTo(pruned);
      networks.clear(Set.of());
      assertThat(ids(engine)).isEmpty();
    }
  }

  @Test
  void letsContainersReachTheAgentAtItsLinkLocalAddressOnly() throws Exception {
    try (DockerEngine engine = TestEngine.start().open()) {
      TaskNetworks networks = networks(engine, 0);
      TaskNetwork network = networks.create("arn:task/1");
      var killed = new Firewall("killed", PORT);
      HttpServer server = HttpServer.create(new InetSocketAddress(network.gateway(), PORT), 0);
      server.createContext(
          "/",
          exchange -> {
            byte[] body = "agent\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      try {
        assertThat(shell(engine, network, ASK.formatted("169.254.170.2", 80))).contains("agent");
        assertThat(shell(engine, network, ASK.formatted(network.gateway(), PORT)))
            .doesNotContain("agent");
        killed.replace(List.of(new HostNetwork("", "", "hfkilled", "", network.gateway())));
        assertThat(shell(engine, network, ASK.formatted("169.254.170.2", 80)))
            .as("beside the rules of an installation that was killed and had this address")
            .contains("agent");
        String id = create(engine, network, "arn:task/1");
        assertThat(networks.recover()).containsExactly(network);
        assertThat(shell(engine, network, ASK.formatted("169.254.170.2", 80))).contains("agent");
        engine.containers().remove(id);
      } finally {
        server.stop(0);
        networks.remove("arn:task/1");
        killed.replace(List.of());
      }
      assertThat(TestEngine.run("nft", "list", "tables")).doesNotContain("netstest");
      assertThat(TestEngine.run("ip", "-br", "link")).doesNotContain(network.bridge());
    }
  }

  @Test
  void setsTheRulesAgainWhereSomebodyFlushedThem() throws Exception {
    try (DockerEngine engine = TestEngine.start().open()) {
      TaskNetworks networks = networks(engine, 0);
      TaskNetwork network = networks.create("arn:task/1");
      String table = "holdfast_netstest";
      networks.assure();
      assertThat(TestEngine.run("nft", "list", "table", "inet", table)).contains("chain forward");
      TestEngine.run("nft", "delete", "table", "inet", table);
      assertThat(TestEngine.run("nft", "list", "tables")).doesNotContain(table);

      networks.assure();

      assertThat(TestEngine.run("nft", "list", "table", "inet", table))
          .contains(network.bridge(), "chain input");
      networks.remove("arn:task/1");
      networks.assure();
      assertThat(TestEngine.run("nft", "list", "tables")).doesNotContain(table);
    }
  }

  @Test
  void keepsTasksApartAndTheirUnpublishedPortsClosed() throws Exception {
    try (DockerEngine engine = TestEngine.start().open()) {
      TaskNetworks networks = networks(engine, 0);
      TaskNetwork one = networks.create("arn:task/1");
      TaskNetwork two = networks.create("arn:task/2");
      String serve = "while true; do busybox echo hello | busybox nc -l -p 80; done";
      String id = serving(engine, two, serve);
      try {
        String address =
            Objects.requireNonNull(engine.containers().inspect(id)).addresses().get(two.name());
        String once = "busybox nc -w 1 " + address + " 80 </dev/null";
        String ask = "for i in 1 2 3 4; do " + once + "; done; busybox echo asked";
        String until = "until " + once + " | busybox grep hello; do :; done";
        assertThat(shell(engine, two, until)).contains("hello");
        assertThat(shell(engine, one, ask)).contains("asked").doesNotContain("hello");
        // A container of nobody's, on a network that is not ours, is no better.
        String foreign =
            engine
                .networks()
                .create("foreign", "foreign0", "10.219.0.0/28", "10.219.0.1", Map.of());
        try {
          var stranger =
              new TaskNetwork(foreign, "foreign", "x", "foreign0", "10.219.0.0/28", "10.219.0.1");
          assertThat(shell(engine, stranger, ask)).contains("asked").doesNotContain("hello");
        } finally {
          engine.networks().remove(foreign);
        }
      } finally {
        engine.containers().remove(id);
        networks.remove("arn:task/1");
        networks.remove("arn:task/2");
      }
    }
  }

  private static String serving(DockerEngine engine, TaskNetwork network, String command)
      throws Exception {
    String id =
        engine
            .containers()
            .create(
                "serving-" + network.bridge(),
                JsonObject.EMPTY
                    .with("Image", TestEngine.IMAGE)
                    .with("Cmd", JsonArray.ofStrings(List.of("/bin/busybox", "sh", "-c", command)))
                    .with("HostConfig", JsonObject.EMPTY.with("NetworkMode", network.name())));
    engine.containers().start(id);
    return id;
  }
}
