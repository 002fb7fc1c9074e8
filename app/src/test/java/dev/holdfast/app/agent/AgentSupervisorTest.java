// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class AgentSupervisorTest {
  @Test
  void feedsAnAgentAnewThatSaysThatItsSessionHasEnded(@TempDir Path temp) throws Exception {
    var given = new LinkedBlockingQueue<Integer>();
    var script =
        "read -r a; echo '{\"session\":\"expired\"}'; read -r b; echo '{\"reason\":\"fed\"}'; read -r c";
    try (var supervisor =
        new AgentSupervisor(
            List.of("/bin/sh", "-c", script),
            temp.resolve("agent.log"),
            () -> {
              given.add(1);
              return JsonObject.EMPTY.with("AccessKeyId", "A");
            })) {
      supervisor.start();
      assertThat(given.poll(60, TimeUnit.SECONDS)).as("when it starts").isNotNull();
      assertThat(given.poll(60, TimeUnit.SECONDS)).as("when it asks").isNotNull();
      assertThat(given).as("and no more than that").isEmpty();
    }
  }
}
