// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostGrantsTest {
  private static final Set<String> HOST =
      Set.of(
          HostGrants.MOUNTS,
          HostGrants.mount("/srv/data/", false),
          HostGrants.mount("/srv/a,b%2C", false),
          HostGrants.mount("/etc/ssl", true));

  private static Set<String> missing(String path, boolean readOnly) {
    return HostGrants.missing(Set.of(HostGrants.mount(path, readOnly)), HOST);
  }

  @Test
  void aFolderIsFoundAsTheHostGivesIt() {
    assertThat(missing("/srv/data", false)).isEmpty();
    assertThat(missing("/srv/../srv//data/.", true)).isEmpty();
    assertThat(missing("/srv/a,b%2C", false)).isEmpty();
    assertThat(missing("/etc/ssl", true)).isEmpty();
    assertThat(missing("/etc/ssl/certs", true)).isEmpty();
  }

  @Test
  void theOlderNameOfAFolderIsTheSameFolder() {
    Set<String> host =
        Set.of(
            HostGrants.MOUNTS,
            HostGrants.mount("/run/app", false),
            HostGrants.closed("/run/docker.sock"));
    assertThat(HostGrants.missing(Set.of(HostGrants.mount("/var/run/app", false)), host)).isEmpty();
    assertThat(HostGrants.closes("/var/run/docker.sock", host)).isTrue();
    assertThat(HostGrants.missing(Set.of(HostGrants.mount("/var/runs", false)), host)).hasSize(1);
  }

  @Test
  void aFolderThatTheHostDoesNotGiveIsMissing() {
    assertThat(missing("/srv/data/below", true))
        .containsExactly("bindMountReadOnly:/srv/data/below");
    assertThat(missing("/etc/ssl", false)).containsExactly("bindMount:/etc/ssl");
    for (String path :
        new String[] {"/", "/srv", "/srv/database", "/etc", "/etc/ssl2", "/a,b%2C"}) {
      assertThat(missing(path, true)).as(path).hasSize(1);
    }
    assertThat(HostGrants.folder(missing("/x,y", true).iterator().next())).isEqualTo("/x,y");
  }

  @Test
  void whatIsClosedIsNeverFoundWhateverIsListed() {
    Set<String> host =
        Set.of(
            HostGrants.MOUNTS,
            HostGrants.mount("/", true),
            HostGrants.closed("/run/docker.sock"),
            HostGrants.closed("/var/lib/holdfast"));
    for (String path :
        new String[] {"/", "/run", "/run/docker.sock", "/var/lib/holdfast/x", "/var"}) {
      assertThat(HostGrants.missing(Set.of(HostGrants.mount(path, true)), host)).hasSize(1);
      assertThat(HostGrants.closes(path, host)).isTrue();
    }
    for (String path : new String[] {"/proc", "/run/docker", "/var/lib/holdfasts"}) {
      assertThat(HostGrants.missing(Set.of(HostGrants.mount(path, true)), host)).isEmpty();
    }
  }

  @Test
  void ofAnAgentThatDoesNotTellNoFolderIsAskedFor() {
    Set<String> needs = Set.of(HostGrants.PID, HostGrants.mount("/x", false));
    assertThat(HostGrants.missing(needs, Set.of(HostGrants.PID))).isEmpty();
    assertThat(HostGrants.missing(needs, Set.of(HostGrants.MOUNTS))).hasSize(2);
    assertThat(HostGrants.missing(Set.of(), Set.of())).isEmpty();
  }
}
