// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.kit.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogCheckTest {
  private static String fault(String log, String more) {
    String json =
        "{'family':'web','containerDefinitions':[{'name':'a','image':'i','memory':32,'logConfiguration':"
            + log
            + "}]"
            + more
            + "}";
    TaskSpec spec = TaskSpec.of(Json.parseObject(json.replace('\'', '"')));
    return TaskDefinitionCheck.fault(spec).map(Fault::text).orElse("");
  }

  private static String awslogs(String options) {
    return fault("{'logDriver':'awslogs','options':{" + options + "}}", "");
  }

  @Test
  void takesWhatPeopleWrite() {
    assertThat(awslogs("'awslogs-group':'/ecs/web','awslogs-region':'us-east-1'")).isEmpty();
    assertThat(
            awslogs(
                "'awslogs-group':'/ecs/web','awslogs-stream-prefix':'ecs','awslogs-create-group':'true','mode':'non-blocking','max-buffer-size':'25m','awslogs-multiline-pattern':'^[0-9]'"))
        .isEmpty();
    assertThat(fault("{'logDriver':'none'}", "")).isEmpty();
    assertThat(fault("{'logDriver':'json-file','options':{'max-size':'10m'}}", "")).isEmpty();
  }

  @Test
  void namesWhatIsMissingOrUnknownAsAwsDoes() {
    assertThat(awslogs("")).isEqualTo("Log driver awslogs requires options: awslogs-group");
    assertThat(awslogs("'awslogs-group':'g','log_key':'log','tag':'x'"))
        .isEqualTo("Log driver awslogs disallows options: log_key, tag");
    assertThat(fault("{'logDriver':'fluentd'}", ""))
        .contains("fluentd of the container a is not served: awslogs, json-file and none are");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "awslogs-group|a b",
        "awslogs-region|http://x",
        "awslogs-stream-prefix|a:b",
        "awslogs-create-group|yes",
        "mode|fast",
        "max-buffer-size|many",
        "max-buffer-size|1",
        "max-buffer-size|9999m",
        "awslogs-multiline-pattern|["
      })
  void refusesAValueThatIsNone(String name, String value) {
    String group = name.equals("awslogs-group") ? "" : "'awslogs-group':'g',";
    assertThat(awslogs(group + "'" + name + "':'" + value + "'"))
        .contains("`logConfiguration.options` " + name);
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    assertThat(awslogs("'awslogs-group':'g','mode':'blocking','max-buffer-size':'1m'"))
        .contains("mode non-blocking alone");
    assertThat(
            awslogs(
                "'awslogs-group':'g','awslogs-datetime-format':'%H','awslogs-multiline-pattern':'x'"))
        .contains("cannot be configured together");
  }
}
