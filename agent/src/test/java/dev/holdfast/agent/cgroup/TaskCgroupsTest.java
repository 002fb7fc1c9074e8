// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.plan.TaskLimits;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which groups a host has; the kernel's own files are tried where an engine is. */
class TaskCgroupsTest {
  private static final TaskLimits LIMITS = new TaskLimits(64L << 20, 0.5, 512);
  @TempDir private Path folder = Path.of("");

  private TaskCgroups open(String info) {
    return TaskCgroups.open(Json.parseObject(info), "shop1", folder, folder);
  }

  /** A folder that stands for what the kernel makes when a group is made. */
  private void group(String path, String... files) throws IOException {
    Path made = Files.createDirectories(folder.resolve(path));
    for (String file : files) {
      Files.writeString(made.resolve(file), "");
    }
  }

  @Test
  void namesATaskByTheEndOfItsArnAndNeverByAPath() {
    assertThat(TaskCgroups.id("arn:aws:ecs:eu-central-1:111122223333:task/shop/0a1b"))
        .isEqualTo("0a1b");
    for (String odd : List.of("a/..", "a/x-y", "a/", "a/x y")) {
      assertThat(TaskCgroups.id(odd)).matches("[0-9a-f]{32}");
    }
  }

  @Test
  void saysWhyThereAreNone() throws IOException {
    assertThat(open("{\"CgroupDriver\":\"none\"}").lacking()).contains("driver none");
    assertThat(
            open("{\"CgroupDriver\":\"cgroupfs\",\"SecurityOptions\":[\"name=rootless\"]}")
                .lacking())
        .contains("without root");
    assertThat(open("{\"CgroupDriver\":\"cgroupfs\",\"CgroupVersion\":\"1\"}").lacking())
        .contains("cannot be made below");
    TaskCgroups none = open("{}");
    assertThat(none.place("a", LIMITS)).isEmpty();
    none.remove("a");
    assertThat(none.ids()).isEmpty();
  }

  @Test
  void writesTheLimitsOfVersion1() throws IOException {
    group("memory/holdfast/shop1", "memory.limit_in_bytes");
    group("cpu/holdfast/shop1", "cpu.cfs_quota_us");
    group("memory/holdfast/shop1/0a", "memory.limit_in_bytes");
    group("cpu/holdfast/shop1/0a", "cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us");
    TaskCgroups groups = open("{\"CgroupDriver\":\"cgroupfs\",\"CgroupVersion\":\"1\"}");
    assertThat(groups.lacking()).isEmpty();
    assertThat(groups.place("0a", LIMITS)).isEqualTo("/holdfast/shop1/0a");
    assertThat(folder.resolve("memory/holdfast/shop1/0a/memory.limit_in_bytes"))
        .hasContent("67108864");
    assertThat(folder.resolve("cpu/holdfast/shop1/0a/cpu.cfs_quota_us")).hasContent("50000");
    Files.createDirectories(folder.resolve("pids/holdfast/shop1/0b/container"));
    assertThat(groups.ids()).containsExactly("0a", "0b");
    groups.remove("0b");
    assertThat(groups.ids()).containsExactly("0a");
  }

  @Test
  void writesTheLimitsOfVersion2AndHandsTheControllersDown() throws IOException {
    group("", "cgroup.subtree_control");
    group("holdfast", "cgroup.subtree_control");
    group("holdfast/shop1", "cgroup.subtree_control");
    group("holdfast/shop1/0a", "memory.max", "cpu.weight", "cpu.max");
    TaskCgroups groups = open("{\"CgroupDriver\":\"cgroupfs\",\"CgroupVersion\":\"2\"}");
    assertThat(groups.lacking()).isEmpty();
    for (String parent : List.of("", "holdfast", "holdfast/shop1")) {
      assertThat(folder.resolve(parent).resolve("cgroup.subtree_control"))
          .hasContent("+cpu +memory");
    }
    assertThat(groups.place("0a", LIMITS)).isEqualTo("/holdfast/shop1/0a");
    assertThat(folder.resolve("holdfast/shop1/0a/memory.max")).hasContent("67108864");
    assertThat(folder.resolve("holdfast/shop1/0a/cpu.max")).hasContent("50000 100000");
    // No group without the files of its limits: nothing is to run in it.
    assertThatThrownBy(() -> groups.place("0b", LIMITS)).isInstanceOf(IOException.class);
  }

  @Test
  void startsAndStopsASliceOfSystemd() throws IOException {
    Path said = folder.resolve("said");
    Path systemctl =
        Files.writeString(folder.resolve("systemctl"), "#!/bin/sh\necho \"$*\" >>" + said + "\n");
    Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwx------"));
    CgroupSlices slices = CgroupSlices.open(folder, systemctl.toString(), "shop1");
    String slice = "holdfast-shop1-0a.slice";
    assertThat(slices.place("0a", LIMITS)).isEqualTo(slice);
    assertThat(slices.place("0a", LIMITS)).isEqualTo(slice);
    assertThat(folder.resolve(slice)).content().contains("MemoryMax=67108864", "CPUQuota=50.0%");
    assertThat(slices.ids()).containsExactly("0a");
    slices.remove("0a");
    slices.remove("0a");
    assertThat(slices.ids()).isEmpty();
    assertThat(said).content().isEqualTo("start " + slice + "\nstop " + slice + "\n");
    Files.writeString(systemctl, "#!/bin/sh\necho no bus; exit 1\n");
    assertThatThrownBy(() -> slices.place("0b", LIMITS)).hasMessageContaining("no bus");
  }

  @Test
  void asksSystemdWhereTheEngineDoes() {
    JsonObject info = JsonObject.EMPTY.with("CgroupDriver", "systemd");
    assertThat(TaskCgroups.open(info, "shop1", folder, folder)).isInstanceOf(CgroupSlices.class);
    assertThat(TaskCgroups.open(info, "shop1", folder, folder.resolve("none")).lacking())
        .contains("units of systemd");
  }
}
