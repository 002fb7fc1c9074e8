// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.agent.TestEngine;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.DockerEngine;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
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
            .admit(request, new HostPolicy.TaskScope(network.name(), Set.of(), Set.of()));
    String id = engine.containers().create("test-" + network.bridge(), admitted);
    try {
      engine.containers().start(id);
      engine.containers().await(id, Duration.ofSeconds(30));
      var text = new StringBuilder();
      try (ContainerLogs logs = engine.containers().logs(id, false, -1)) {
        for (var piece = logs.next(); piece != null; piece = logs.next()) {
          text.append(piece.text());
        }
      }
      return text.toString();
    } finally {
      engine.containers().remove(id);
    }
  }

  @Test
  void letsContainersReachTheAgentAtItsLinkLocalAddressOnly() throws Exception {
    try (DockerEngine engine = TestEngine.start().open()) {
      var networks =
          new TaskNetworks(
              engine.networks(),
              new Firewall("netstest", PORT),
              "netstest",
              SubnetPool.parse("10.214.0.0/20"));
      TaskNetwork network = networks.create("arn:task/1");
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
        assertThat(networks.recover()).containsExactly(network);
        assertThat(shell(engine, network, ASK.formatted("169.254.170.2", 80))).contains("agent");
      } finally {
        server.stop(0);
        networks.remove("arn:task/1");
      }
      assertThat(TestEngine.run("nft", "list", "tables")).doesNotContain("netstest");
      assertThat(TestEngine.run("ip", "-br", "link")).doesNotContain(network.bridge());
    }
  }
}
