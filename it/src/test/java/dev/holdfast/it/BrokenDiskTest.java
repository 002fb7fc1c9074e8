// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.Ashore;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.FailingDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sync of any file of ours that fails once is the end of every acknowledgement. */
class BrokenDiskTest {
  private static final byte[] NEXT = "the next blob".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path temp;

  private final FailingDisk kernel = new FailingDisk();
  private final List<String> told = new CopyOnWriteArrayList<>();

  /** What a sync fails of while a blob is brought. */
  enum Where {
    UPLOAD,
    FOLDER_OF_FOLDERS,
    FOLDER;

    boolean is(Path path) {
      Path folder = Objects.requireNonNull(path.getParent());
      return switch (this) {
        case UPLOAD -> folder.endsWith("blobs/uploads");
        case FOLDER_OF_FOLDERS -> path.endsWith("blobs/sha256");
        case FOLDER -> folder.endsWith("blobs/sha256");
      };
    }
  }

  private static String blob(byte[] content) {
    return "blobs/sha256:" + Hashes.sha256Hex(content);
  }

  private static void put(Writing to, String name) throws Exception {
    to.call(
        SsmModel.PUT_PARAMETER,
        JsonObject.EMPTY.with("Name", name).with("Value", "v").with("Type", "String"));
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void acknowledgesNothingAfterASyncOfABlobThatFailedOnce(Where where) throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    try (Ashore platform = Ashore.start(dir, kernel, told::add);
        Writing client = voyage.client(platform)) {
      put(client, "/before");
      for (String digest : voyage.digests()) {
        assertThat(client.has("blobs/" + digest)).as("made durable by who finds it").isTrue();
      }
      kernel.failNext(where::is);
      assertThatThrownBy(() -> client.pushBlob(NEXT)).isInstanceOf(AssertionError.class);
      assertThat(kernel.isToFail()).isFalse();
      assertThat(told).as("why the server ends").hasSize(1).first().asString().contains("failed");
      assertThat(client.has(blob(NEXT))).as("asked for again").isFalse();
      assertThatThrownBy(() -> client.pushBlob(NEXT)).isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> put(client, "/after")).isInstanceOf(Throwable.class);
      for (String digest : voyage.digests()) {
        assertThat(client.has("blobs/" + digest)).as("reads go on").isTrue();
      }
    }
    try (Ashore again = Ashore.start(dir, kernel, told::add);
        Writing client = voyage.client(again)) {
      assertThat(voyage.look(again)).as("what was acknowledged").isEqualTo(Voyage.Seen.ALL);
      client.pushBlob(NEXT);
      assertThat(client.has(blob(NEXT))).isTrue();
      put(client, "/after"); // which a kept refusal would have made AlreadyExists
      put(client, "/last");
    }
    assertThat(told).as("the next process is sound").hasSize(1);
    assertThat(Ashore.damages(dir)).isEmpty();
  }

  @Test
  void acknowledgesNothingAfterASyncOfTheKeyringThatFailedOnce() throws Exception {
    Path dir = temp.resolve("data");
    Voyage voyage = Voyage.make(dir);
    kernel.failNext(path -> path.endsWith("keyring.json.new"));
    // The first thing that a start seals counts on the keyring.
    assertThatThrownBy(() -> Ashore.start(dir, kernel, told::add).close())
        .hasMessageContaining("keyring.json");
    try (Ashore again = Ashore.start(dir, kernel, told::add)) {
      assertThat(voyage.look(again)).isEqualTo(Voyage.Seen.ALL);
    }
  }
}
