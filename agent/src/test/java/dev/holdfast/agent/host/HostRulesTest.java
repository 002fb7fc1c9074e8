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

class HostRulesTest {
  private static final HostPolicy.TaskScope SCOPE =
      new HostPolicy.TaskScope("net", Set.of("vol"), Set.of("other"), "127.0.0.1", "");

  private static JsonObject request(String host) {
    return Json.parseObject(
        "{\"Image\":\"i\",\"HostConfig\":{\"NetworkMode\":\"net\"" + host + "}}");
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

  /** The engine follows a link that a container put there after the check. */
  @Test
  void mountsNothingBelowAFolderThatContainersWriteTo(@TempDir Path folder) throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Path below = Files.createDirectory(shared.resolve("below"));
    var rules =
        new HostRules(
            List.of(
                new HostRules.BindMount(folder.resolve("gone").toString(), true),
                new HostRules.BindMount(shared.toString(), false),
                new HostRules.BindMount(below.toString(), true)),
            List.of(),
            null,
            null,
            null,
            null);
    String mount = ",\"Mounts\":[{\"Type\":\"bind\",\"Target\":\"/x\",\"Source\":\"%s\"%s}]";
    var policy = new HostPolicy(rules);
    assertThat(policy.admit(request(mount.formatted(shared, "")), SCOPE)).isNotNull();
    for (String how : List.of("", ",\"ReadOnly\":true")) {
      assertThatThrownBy(() -> policy.admit(request(mount.formatted(below, how)), SCOPE))
          .isInstanceOf(HostRefusal.class);
    }
  }

  @Test
  void givesNobodyTheEnginesSocketWhateverIsListed(@TempDir Path folder) throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path socket = Files.createFile(run.resolve("docker.sock"));
    Path data = Files.createDirectory(folder.resolve("data"));
    Path other = Files.createDirectory(folder.resolve("other"));
    var rules =
        new HostRules(
            List.of(new HostRules.BindMount(folder.toString(), true)),
            List.of(),
            null,
            null,
            null,
            null);
    var policy = new HostPolicy(rules, List.of(socket, data, folder.resolve("absent")));
    String mount =
        ",\"Mounts\":[{\"Type\":\"bind\",\"Target\":\"/x\",\"Source\":\"%s\",\"ReadOnly\":true}]";
    for (Path closed : List.of(socket, run, folder, data, Files.createFile(data.resolve("key")))) {
      assertThatThrownBy(() -> policy.admit(request(mount.formatted(closed)), SCOPE))
          .as(closed.toString())
          .isInstanceOf(HostRefusal.class);
    }
    assertThat(policy.admit(request(mount.formatted(other)), SCOPE)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"refuseroot\":true}",
        "{\"bindMounts\":[{\"path\":\"/srv\",\"readonly\":true}]}",
        "{\"bindMounts\":[{\"path\":\"srv\",\"readOnly\":true}]}",
        "{\"readOnly\":true}",
        "[]",
        "{\"capabilities\":\"SYS_PTRACE\"}"
      })
  void refusesAPolicyFileThatMeansNothing(String text, @TempDir Path folder) throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "not run: the file must be root's");
    Path file = Files.writeString(folder.resolve("policy.json"), text);
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> HostRules.load(file)).isInstanceOf(java.io.IOException.class);
    Files.writeString(
        file,
        "{\"bindMounts\":[{\"path\":\"/srv\",\"readOnly\":true}],\"refuseRoot\":true,\"pidsLimit\":9}");
    assertThat(HostRules.load(file).rootRefused()).isTrue();
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
