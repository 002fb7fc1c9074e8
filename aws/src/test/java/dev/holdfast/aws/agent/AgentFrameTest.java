// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AgentFrameTest {
  private static final String PAYLOAD =
      """
      {"type":"PayloadMessage","message":{"messageId":"m1","clusterArn":"c","containerInstanceArn":"i",
       "generatedAt":1795439990000,"seqNum":41,"timeline":41,"unknown":1,"tasks":[{"arn":"t1",
       "desiredStatus":"RUNNING","cpu":0.25,"memory":128,"overrides":"{}",
       "roleCredentials":{"credentialsId":"id-1","accessKeyId":"ASIAX","secretAccessKey":"s3cr3t"},
       "volumes":[{"name":"scratch","type":"host","host":{}}],
       "containers":[{"name":"web","image":"r/web:1","essential":true,"cpu":64,"memory":96,
         "environment":{"FOO":"h1dden"},"portMappings":[{"containerPort":80,"hostPort":0,"protocol":"tcp"}],
         "secrets":[{"name":"DB","valueFrom":"/demo/db","provider":"ssm"}],
         "restartPolicy":{"enabled":true,"ignoredExitCodes":[0],"restartAttemptPeriod":60}}]}]}}
      """;

  private static PayloadMessage payload() {
    return (PayloadMessage) Objects.requireNonNull(AgentFrame.read(PAYLOAD));
  }

  @Test
  void readsAPayloadAndWritesItBack() {
    PayloadMessage payload = payload();
    assertThat(AgentFrame.read(AgentFrame.text(payload))).isEqualTo(payload);
    PayloadTask task = payload.tasks().getFirst();
    assertThat(task.cpu()).isEqualTo(0.25);
    assertThat(task.containers().getFirst().portMappings().getFirst().containerPort())
        .isEqualTo(80);
    assertThat(task.volumes().getFirst().host()).isNotNull();
  }

  @Test
  void printsNoCredentialsAndNoEnvironment() {
    PayloadMessage payload = payload();
    assertThat(String.valueOf(payload)).doesNotContain("s3cr3t", "h1dden", "id-1");
    assertThat(String.valueOf(payload.tasks().getFirst().roleCredentials()))
        .doesNotContain("s3cr3t");
  }

  @Test
  void ignoresUnknownTypesAndRefusesAMissingMember() {
    assertThat(AgentFrame.read("{\"type\":\"Later\",\"message\":{}}")).isNull();
    assertThatThrownBy(() -> AgentFrame.read("{\"type\":\"PayloadMessage\",\"message\":{}}"))
        .isInstanceOf(Json.MalformedJson.class);
  }

  @Test
  void splitsTheHeaderBlockOfTelemetry() {
    var health =
        new PublishHealthRequest(
            null,
            List.of(
                new PublishHealthRequest.TaskHealth(
                    "t1",
                    null,
                    null,
                    null,
                    List.of(new PublishHealthRequest.ContainerHealth("web", "HEALTHY", 1.5)))));
    var frame = new TelemetryFrame(Map.of("Host", "h"), AgentFrame.text(health));
    TelemetryFrame read = TelemetryFrame.parse(frame.text());
    assertThat(read.headers()).containsEntry("host", "h");
    assertThat(read.message()).isEqualTo(health);
    assertThatThrownBy(() -> TelemetryFrame.parse("Host: x\r\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
