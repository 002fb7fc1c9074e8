// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPolicyTest {
  private static final HostPolicy.TaskScope SCOPE =
      new HostPolicy.TaskScope("net", Set.of("vol"), Set.of("other"));

  private static JsonObject request(String host) {
    return Json.parseObject(
        "{\"Image\":\"i\",\"HostConfig\":{\"NetworkMode\":\"net\"" + host + "}}");
  }

  @Test
  void hardensEveryContainer() throws Exception {
    JsonObject host =
        new HostPolicy(HostRules.DEFAULT)
            .admit(
                request(",\"LogConfig\":{\"Type\":\"awslogs\"},\"PidsLimit\":-1,\"IpcMode\":\"\""),
                SCOPE)
            .object("HostConfig");
    assertThat(Json.text(host))
        .contains("no-new-privileges:true", "NET_RAW", "\"PidsLimit\":4096", "\"max-size\":\"10m\"")
        .doesNotContain("awslogs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"Privileged\":true",
        ",\"PidMode\":\"host\"",
        ",\"IpcMode\":\"host\"",
        ",\"IpcMode\":\"container:x\"",
        ",\"UTSMode\":\"host\"",
        ",\"UsernsMode\":\"host\"",
        ",\"CgroupnsMode\":\"host\"",
        ",\"CgroupParent\":\"/\"",
        ",\"Binds\":[\"/:/host\"]",
        ",\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/etc\",\"Target\":\"/e\"}]",
        ",\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"theirs\",\"Target\":\"/e\"}]",
        ",\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"vol\",\"Target\":\"/e\",\"VolumeOptions\":"
            + "{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{\"type\":\"none\"}}}}]",
        ",\"Mounts\":{\"a\":1}",
        ",\"VolumesFrom\":[\"foreign:ro\"]",
        ",\"Devices\":[{\"PathOnHost\":\"/dev/sda\"}]",
        ",\"DeviceRequests\":[{\"Count\":-1}]",
        ",\"DeviceCgroupRules\":[\"a *:* rwm\"]",
        ",\"CapAdd\":[\"SYS_ADMIN\"]",
        ",\"SecurityOpt\":[\"seccomp=unconfined\"]",
        ",\"SecurityOpt\":[\"apparmor=unconfined\"]",
        ",\"SecurityOpt\":[\"no-new-privileges=false\"]",
        ",\"Sysctls\":{\"net.ipv4.ip_forward\":\"1\"}",
        ",\"MaskedPaths\":[\"/nothing\"]",
        ",\"ReadonlyPaths\":[\"/nothing\"]",
        ",\"Runtime\":\"other\"",
        ",\"VolumeDriver\":\"nfs\"",
        ",\"RestartPolicy\":{\"Name\":\"always\"}",
        ",\"OomKillDisable\":true",
        ",\"OomScoreAdj\":-1000",
        ",\"PublishAllPorts\":true",
        ",\"SomethingNew\":1",
        ",\"GroupAdd\":[\"0\"]"
      })
  void refuses(String host) {
    assertThatThrownBy(() -> new HostPolicy(HostRules.DEFAULT).admit(request(host), SCOPE))
        .isInstanceOf(HostRefusal.class)
        .hasMessageStartingWith("HostConfigError: ");
  }

  @Test
  void refusesAnotherNetworkAndReservedLabels() {
    var policy = new HostPolicy(HostRules.DEFAULT);
    assertThatThrownBy(
            () ->
                policy.admit(
                    Json.parseObject("{\"HostConfig\":{\"NetworkMode\":\"host\"}}"), SCOPE))
        .isInstanceOf(HostRefusal.class);
    assertThatThrownBy(() -> policy.admit(Json.parseObject("{}"), SCOPE))
        .isInstanceOf(HostRefusal.class);
    assertThatThrownBy(() -> HostPolicy.checkLabels(Set.of("dev.holdfast.installation")))
        .isInstanceOf(HostRefusal.class);
  }

  @Test
  void allowsListedBindMountsButNoLinkOutOfThem(@TempDir Path folder) throws Exception {
    Path listed = Files.createDirectory(folder.resolve("listed"));
    Files.createDirectory(listed.resolve("inside"));
    Files.createSymbolicLink(listed.resolve("out"), Path.of("/etc"));
    var policy =
        new HostPolicy(
            new HostRules(
                List.of(new HostRules.BindMount(listed.toString(), true)),
                List.of(),
                null,
                null,
                null));
    String mount = ",\"Mounts\":[{\"Type\":\"bind\",\"Target\":\"/x\",\"Source\":\"%s\"%s}]";
    JsonObject fine =
        policy.admit(
            request(mount.formatted(listed.resolve("inside"), ",\"ReadOnly\":true")), SCOPE);
    assertThat(Json.text(fine)).contains(listed.toRealPath().resolve("inside").toString());
    assertThatThrownBy(
            () -> policy.admit(request(mount.formatted(listed.resolve("inside"), "")), SCOPE))
        .isInstanceOf(HostRefusal.class);
    assertThatThrownBy(
            () ->
                policy.admit(
                    request(mount.formatted(listed.resolve("out"), ",\"ReadOnly\":true")), SCOPE))
        .isInstanceOf(HostRefusal.class);
  }

  @Test
  void readsOnlyAPolicyFileThatOthersCannotWrite(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("policy.json");
    assertThat(HostRules.load(file)).isEqualTo(HostRules.DEFAULT);
    Files.writeString(file, "{\"capabilities\":[\"SYS_PTRACE\"]}");
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThatThrownBy(() -> HostRules.load(file)).isInstanceOf(java.io.IOException.class);
  }
}
