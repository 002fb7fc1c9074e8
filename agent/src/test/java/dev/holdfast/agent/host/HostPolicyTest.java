// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPolicyTest {
  private static final HostPolicy.TaskScope SCOPE =
      new HostPolicy.TaskScope("net", Set.of("vol"), Set.of("other"), "127.0.0.1", "");

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
        ",\"GroupAdd\":[\"0\"]",
        // An empty list of masked paths unmasks them all.
        ",\"MaskedPaths\":[]",
        ",\"ReadonlyPaths\":[]",
        // The engine takes names in any case.
        ",\"privileged\":true",
        ",\"PRIVILEGED\":true",
        ",\"maskedpaths\":[]",
        ",\"Privileged\":\"true\"",
        ",\"Privileged\":1",
        ",\"PidMode\":\"container:x\"",
        ",\"UTSMode\":\"container:x\"",
        ",\"CapAdd\":\"ALL\"",
        ",\"CapAdd\":[\"ALL\"]",
        ",\"CapAdd\":[7]",
        ",\"Capabilities\":[\"CAP_SYS_ADMIN\"]",
        ",\"SecurityOpt\":[\"label=disable\"]",
        ",\"SecurityOpt\":[\"label:type:spc_t\"]",
        ",\"SecurityOpt\":[\"systempaths=unconfined\"]",
        ",\"SecurityOpt\":[\"writable-cgroups=true\"]",
        ",\"SecurityOpt\":[\"no-new-privileges:false\"]",
        ",\"SecurityOpt\":[\"seccomp={}\"]",
        ",\"SecurityOpt\":[\"credentialspec=file://x\"]",
        ",\"ExtraHosts\":[\"host:host-gateway\"]",
        ",\"ExtraHosts\":[\"host=host-gateway\"]",
        ",\"ExtraHosts\":[\"h\\n127.0.0.1 x:1.2.3.4\"]",
        ",\"Links\":[\"foreign:x\"]",
        ",\"Isolation\":\"process\"",
        ",\"Annotations\":{\"run.oci.keep_original_groups\":\"1\"}",
        ",\"StorageOpt\":{\"size\":\"1\"}",
        ",\"Cgroup\":\"x\"",
        ",\"CpuRealtimeRuntime\":1",
        ",\"CpusetCpus\":\"0\"",
        ",\"BlkioWeight\":1000",
        ",\"KernelMemory\":1",
        ",\"AutoRemove\":true",
        ",\"ContainerIDFile\":\"/etc/x\"",
        ",\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"80\"}]}",
        ",\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"80\"}]}",
        ",\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/var/run/docker.sock\",\"Target\":\"/s\"}]",
        ",\"Mounts\":[{\"Type\":\"npipe\",\"Source\":\"x\",\"Target\":\"/s\"}]",
        ",\"Mounts\":[{\"Type\":\"image\",\"Source\":\"x\",\"Target\":\"/s\"}]",
        ",\"Mounts\":[{\"Type\":\"cluster\",\"Source\":\"x\",\"Target\":\"/s\"}]",
        ",\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"vol\",\"Target\":\"/e\",\"BindOptions\":{}}]",
        ",\"Mounts\":[{\"type\":\"bind\",\"source\":\"/\",\"target\":\"/e\"}]",
        ",\"Mounts\":[7]"
      })
  void refuses(String host) {
    assertThatThrownBy(() -> new HostPolicy(HostRules.DEFAULT).admit(request(host), SCOPE))
        .isInstanceOf(HostRefusal.class)
        .hasMessageStartingWith("HostConfigError: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"Privileged\":false",
        ",\"CapAdd\":[]",
        ",\"Devices\":[]",
        ",\"PidMode\":\"\"",
        ",\"MaskedPaths\":null",
        ",\"SomethingNew\":null",
        ",\"SecurityOpt\":[\"no-new-privileges\"]",
        ",\"IpcMode\":\"private\"",
        ",\"CgroupnsMode\":\"private\"",
        ",\"VolumeDriver\":\"local\"",
        ",\"RestartPolicy\":{\"Name\":\"no\"}",
        ",\"OomScoreAdj\":5",
        ",\"VolumesFrom\":[\"other:ro\"]",
        ",\"ExtraHosts\":[\"db.example:10.0.0.7\",\"six:[2001:db8::1]\",\"seven:2001:db8::2\"]",
        ",\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"}]}",
        ",\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"vol\",\"Target\":\"/e\",\"ReadOnly\":true}]",
        ",\"Tmpfs\":{\"/t\":\"size=1m\"},\"ReadonlyRootfs\":true,\"Memory\":9,\"CapDrop\":[\"ALL\"]"
      })
  void admits(String host) throws Exception {
    JsonObject admitted =
        new HostPolicy(HostRules.DEFAULT).admit(request(host), SCOPE).object("HostConfig");
    assertThat(admitted.members().keySet())
        .doesNotContain("MaskedPaths", "SomethingNew", "PidMode", "Devices")
        .contains("SecurityOpt", "PidsLimit", "LogConfig", "NetworkMode");
    assertThat(admitted.isTrue("Privileged")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"MacAddress\":\"02:42:ac:11:00:02\"",
        "\"Volumes\":{\"/x\":{}}",
        "\"OnBuild\":[\"x\"]",
        "\"Shell\":[\"x\"]",
        "\"hostconfig\":{\"Privileged\":true}",
        "\"Hostconfig\":{}",
        "\"NetworkingConfig\":[]",
        "\"NetworkingConfig\":{\"Other\":1}",
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":{}}}",
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"net\":{\"MacAddress\":\"02:42:ac:11:00:02\"}}}",
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"net\":{\"IPAMConfig\":{\"IPv4Address\":\"10.0.0.1\"}}}}",
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"net\":{\"DriverOpts\":"
            + "{\"com.docker.network.endpoint.sysctls\":\"net.ipv4.conf.IFNAME.route_localnet=1\"}}}}",
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"net\":{\"Links\":[\"foreign\"]}}}"
      })
  void refusesMembersOfTheRequestItself(String member) throws Exception {
    var policy = new HostPolicy(HostRules.DEFAULT);
    String network = "\"HostConfig\":{\"NetworkMode\":\"net\"}";
    assertThatThrownBy(
            () -> policy.admit(Json.parseObject("{" + member + "," + network + "}"), SCOPE))
        .isInstanceOf(HostRefusal.class);
    String own =
        "\"Hostname\":\"h\",\"NetworkingConfig\":{\"EndpointsConfig\":{\"net\":{\"Aliases\":[\"web\"]}}}";
    assertThat(policy.admit(Json.parseObject("{" + own + "," + network + "}"), SCOPE).members())
        .containsKeys("Hostname", "NetworkingConfig");
  }

  /** Members of the engine's create request (API 1.47), whatever of them is let through. */
  private static final List<String> ENGINE_HOST_CONFIG =
      List.of(
          ("Annotations AutoRemove Binds BlkioDeviceReadBps BlkioDeviceReadIOps BlkioDeviceWriteBps"
                  + " BlkioDeviceWriteIOps BlkioWeight BlkioWeightDevice CapAdd CapDrop Cgroup"
                  + " CgroupParent CgroupnsMode ConsoleSize ContainerIDFile CpuCount CpuPercent"
                  + " CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpuShares CpusetCpus"
                  + " CpusetMems DeviceCgroupRules DeviceRequests Devices Dns DnsOptions DnsSearch"
                  + " ExtraHosts GroupAdd IOMaximumBandwidth IOMaximumIOps Init IpcMode Isolation"
                  + " KernelMemory KernelMemoryTCP Links LogConfig MaskedPaths Memory"
                  + " MemoryReservation MemorySwap MemorySwappiness Mounts NanoCpus NetworkMode"
                  + " OomKillDisable OomScoreAdj PidMode PidsLimit PortBindings Privileged"
                  + " PublishAllPorts ReadonlyPaths ReadonlyRootfs RestartPolicy Runtime SecurityOpt"
                  + " ShmSize StorageOpt Sysctls Tmpfs UTSMode Ulimits UsernsMode VolumeDriver"
                  + " VolumesFrom")
              .split(" ", -1));

  /** What may hold anything, since nothing of the host is in it or it is set anew. */
  private static final Set<String> FREE =
      Set.of(
          "CapDrop",
          "CpuPeriod",
          "CpuQuota",
          "CpuShares",
          "Dns",
          "DnsOptions",
          "DnsSearch",
          "Init",
          "LogConfig",
          "Memory",
          "MemoryReservation",
          "NanoCpus",
          "PidsLimit",
          "ReadonlyRootfs",
          "ShmSize",
          "Tmpfs");

  @Test
  void knowsEveryMemberOfTheEngineAndLetsThoseOnTheListThroughAlone() {
    var policy = new HostPolicy(HostRules.DEFAULT);
    for (String member : ENGINE_HOST_CONFIG) {
      if (!FREE.contains(member)) {
        assertThatThrownBy(
                () ->
                    policy.admit(
                        request("")
                            .with(
                                "HostConfig",
                                JsonObject.EMPTY
                                    .with("NetworkMode", "net")
                                    .with(member, JsonObject.EMPTY.with("x", "foreign"))),
                        SCOPE))
            .as(member)
            .isInstanceOf(HostRefusal.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "root",
        "0",
        "0:0",
        "00",
        "+0",
        "app",
        "0x0",
        "-1",
        "4294967296",
        "1000x",
        " 1"
      })
  void refusesRootWhereTheHostSaysSo(String user) throws Exception {
    var rules = new HostRules(List.of(), List.of(), null, null, null, true);
    var policy = new HostPolicy(rules);
    JsonObject asked = request("").with("User", user);
    assertThatThrownBy(() -> policy.admit(asked, SCOPE))
        .isInstanceOf(HostRefusal.class)
        .hasMessageContaining("a number other than 0");
    var image = new HostPolicy.TaskScope("net", Set.of(), Set.of(), "127.0.0.1", user);
    assertThatThrownBy(() -> policy.admit(request(""), image)).isInstanceOf(HostRefusal.class);
    // A user of the request is what counts, and elsewhere root may be.
    assertThat(policy.admit(request("").with("User", "65534:0"), image)).isNotNull();
    assertThat(new HostPolicy(HostRules.DEFAULT).admit(asked, SCOPE)).isNotNull();
  }

  @Test
  void takesTheImagesOwnUserWhereTheTaskNamesNone() throws Exception {
    var policy = new HostPolicy(new HostRules(List.of(), List.of(), null, null, null, true));
    var image = new HostPolicy.TaskScope("net", Set.of(), Set.of(), "127.0.0.1", "1000");
    assertThat(policy.admit(request(""), image)).isNotNull();
    assertThatThrownBy(() -> policy.admit(request("").with("User", "0"), image))
        .isInstanceOf(HostRefusal.class);
  }

  private static final HostPolicy.TaskScope SHARING =
      new HostPolicy.TaskScope("net", Set.of("vol"), Set.of("other"), "127.0.0.1", "", "p1");

  private static HostPolicy owner(
      List<String> sysctls,
      @Nullable Boolean network,
      @Nullable Boolean pid,
      @Nullable Boolean ipc) {
    return new HostPolicy(
        new HostRules(List.of(), List.of(), null, null, null, null, sysctls, network, pid, ipc));
  }

  private static JsonObject mode(String mode, String more) {
    return Json.parseObject("{\"HostConfig\":{\"NetworkMode\":\"" + mode + "\"" + more + "}}");
  }

  @Test
  void letsContainersJoinTheNamespacesOfTheirTaskAlone() throws Exception {
    var policy = new HostPolicy(HostRules.DEFAULT);
    JsonObject joined =
        policy
            .admit(
                mode("container:p1", ",\"PidMode\":\"container:p1\",\"IpcMode\":\"container:p1\""),
                SHARING)
            .object("HostConfig");
    assertThat(joined.string("NetworkMode")).isEqualTo("container:p1");
    assertThat(joined.string("PidMode")).isEqualTo("container:p1");
    assertThat(joined.string("IpcMode")).isEqualTo("container:p1");
    for (String wrong :
        List.of(
            "{\"HostConfig\":{\"NetworkMode\":\"container:p2\"}}",
            "{\"HostConfig\":{\"NetworkMode\":\"container:\"}}",
            "{\"HostConfig\":{\"NetworkMode\":\"net\",\"PidMode\":\"container:p2\"}}",
            "{\"HostConfig\":{\"NetworkMode\":\"net\",\"IpcMode\":\"container:p2\"}}",
            "{\"HostConfig\":{\"NetworkMode\":\"net\",\"IpcMode\":\"shareable\"}}",
            "{\"HostConfig\":{\"NetworkMode\":\"host\"}}")) {
      assertThatThrownBy(() -> policy.admit(Json.parseObject(wrong), SHARING))
          .as(wrong)
          .isInstanceOf(HostRefusal.class);
    }
    // A task whose containers share nothing has no such container.
    assertThatThrownBy(() -> policy.admit(mode("container:", ""), SCOPE))
        .isInstanceOf(HostRefusal.class);
  }

  @Test
  void givesTheHostsNamespacesWhereItsOwnerSaysSo() throws Exception {
    assertThat(owner(List.of(), true, null, null).admit(mode("host", ""), SCOPE)).isNotNull();
    assertThat(
            owner(List.of(), null, true, null).admit(mode("net", ",\"PidMode\":\"host\""), SCOPE))
        .isNotNull();
    assertThat(
            owner(List.of(), null, null, true)
                .admit(mode("net", ",\"IpcMode\":\"host\""), SCOPE)
                .object("HostConfig")
                .string("IpcMode"))
        .isEqualTo("host");
    for (HostPolicy other :
        List.of(owner(List.of(), false, false, false), owner(List.of(), null, null, null))) {
      assertThatThrownBy(() -> other.admit(mode("host", ""), SCOPE))
          .hasMessageContaining("hostNetwork");
      assertThatThrownBy(() -> other.admit(mode("net", ",\"PidMode\":\"host\""), SCOPE))
          .isInstanceOf(HostRefusal.class);
      assertThatThrownBy(() -> other.admit(mode("net", ",\"IpcMode\":\"host\""), SCOPE))
          .isInstanceOf(HostRefusal.class);
    }
    // Not one for the other, and not the network's parameters with it.
    assertThatThrownBy(
            () ->
                owner(List.of(), true, null, null)
                    .admit(mode("net", ",\"PidMode\":\"host\""), SCOPE))
        .isInstanceOf(HostRefusal.class);
    assertThatThrownBy(
            () ->
                owner(List.of(), true, null, null)
                    .admit(mode("host", ",\"Sysctls\":{\"net.core.somaxconn\":\"9\"}"), SCOPE))
        .isInstanceOf(HostRefusal.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"Sysctls\":{\"net.ipv4.conf.all.route_localnet\":\"1\"}",
        ",\"Sysctls\":{\"kernel.core_pattern\":\"|/x\"}",
        ",\"Sysctls\":{\"vm.overcommit_memory\":\"1\"}",
        ",\"Sysctls\":{\"net.core.somaxconn\":\"1\\n2\"}",
        ",\"Sysctls\":{\"net.core.somaxconn\":1}",
        ",\"Sysctls\":{\"NET.core.somaxconn\":\"1\"}",
        ",\"Sysctls\":[\"net.core.somaxconn\"]",
        ",\"Ulimits\":[{\"Name\":\"rtprio\",\"Soft\":1,\"Hard\":1}]",
        ",\"Ulimits\":[{\"Name\":\"nice\",\"Soft\":40,\"Hard\":40}]",
        ",\"Ulimits\":[{\"name\":\"rtprio\",\"Soft\":1,\"Hard\":1}]",
        ",\"Ulimits\":[{\"Name\":\"RTPRIO\",\"Soft\":1,\"Hard\":1}]",
        ",\"Ulimits\":{\"Name\":\"nofile\"}",
        ",\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":1}]",
        ",\"Memory\":1000,\"MemorySwap\":2001",
        ",\"Memory\":1000,\"MemorySwap\":-1",
        ",\"MemorySwap\":1",
        ",\"Memory\":1000,\"MemorySwap\":\"-1\"",
        ",\"MemorySwappiness\":101"
      })
  void refusesOfTheKernel(String host) {
    assertThatThrownBy(() -> new HostPolicy(HostRules.DEFAULT).admit(request(host), SCOPE))
        .isInstanceOf(HostRefusal.class)
        .hasMessageStartingWith("HostConfigError: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"Sysctls\":{\"net.core.somaxconn\":\"1024\",\"net.ipv4.ip_local_port_range\":\"1024 65000\"}",
        ",\"Sysctls\":{}",
        ",\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":1024,\"Hard\":4096}]",
        ",\"Ulimits\":[{\"Name\":\"rtprio\",\"Soft\":0,\"Hard\":0}]",
        ",\"Memory\":1000,\"MemorySwap\":2000,\"MemorySwappiness\":10",
        ",\"Memory\":1000,\"MemorySwap\":1000"
      })
  void admitsOfTheKernel(String host) throws Exception {
    assertThat(new HostPolicy(HostRules.DEFAULT).admit(request(host), SCOPE)).isNotNull();
  }

  @Test
  void admitsParametersThatTheHostListsAndTellsThePlatformSo() throws Exception {
    String host = ",\"Sysctls\":{\"net.ipv4.conf.all.forwarding\":\"1\"}";
    HostPolicy listing = owner(List.of("net.ipv4.conf.all.forwarding"), true, null, null);
    assertThat(listing.admit(request(host), SCOPE)).isNotNull();
    assertThat(listing.grants())
        .containsExactlyInAnyOrder(
            "sharedNamespaces", "hostNetwork", "bindMounts", "sysctl:net.ipv4.conf.all.forwarding");
    assertThatThrownBy(() -> new HostPolicy(HostRules.DEFAULT).admit(request(host), SCOPE))
        .isInstanceOf(HostRefusal.class);
  }

  @Test
  void refusesAnotherNetworkAndReservedLabels() {
    var policy = new HostPolicy(HostRules.DEFAULT);
    for (String mode : List.of("host", "container:x", "", "bridge", "default", "other")) {
      JsonObject host = JsonObject.EMPTY.with("NetworkMode", mode);
      assertThatThrownBy(() -> policy.admit(JsonObject.EMPTY.with("HostConfig", host), SCOPE))
          .as(mode)
          .isInstanceOf(HostRefusal.class);
    }
    assertThatThrownBy(() -> policy.admit(Json.parseObject("{}"), SCOPE))
        .isInstanceOf(HostRefusal.class);
    assertThatThrownBy(() -> HostPolicy.checkLabels(Set.of("dev.holdfast.installation")))
        .isInstanceOf(HostRefusal.class);
  }
}
