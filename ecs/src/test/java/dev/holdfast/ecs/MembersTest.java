// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.Schema;
import dev.holdfast.aws.Type;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionRequest;
import dev.holdfast.ecs.plan.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MembersTest {

  @Test
  void saysOfEveryMemberOfATaskDefinitionWhatBecomesOfIt() {
    var paths = new LinkedHashSet<String>();
    structure(RegisterTaskDefinitionRequest.SCHEMA, "", paths);

    assertThat(Members.ALL.keySet()).containsExactlyInAnyOrderElementsOf(paths);
  }

  @Test
  void documentsEveryMemberThatHasNoEffectOrIsRefused() throws IOException {
    String page = Files.readString(Path.of("../docs/task-definitions.md"));

    Members.ALL.forEach(
        (path, treatment) -> {
          switch (treatment) {
            case Members.Treatment.Served _ -> {}
            case Members.Treatment.Echoed _, Members.Treatment.Refused _ ->
                assertThat(page).contains("| `" + path + "` |");
          }
        });
  }

  /** Below a refused member there is nothing more to say. */
  private static void structure(Schema schema, String prefix, Set<String> paths) {
    for (Schema.Member member : schema.members()) {
      type(member.type(), prefix + member.name(), paths);
    }
  }

  private static void type(Type type, String path, Set<String> paths) {
    paths.add(path);
    if (Members.ALL.get(path) instanceof Members.Treatment.Refused) {
      return;
    }
    switch (type) {
      case Type.StructureType structure -> structure(structure.schema(), path + ".", paths);
      case Type.ListType list -> type(list.item(), path + "[]", paths);
      case Type.MapType _ -> paths.add(path + "{}");
      default -> {}
    }
  }
}
