// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.app.Ashore;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A data directory with something of every service in it, and how to see that all is there. */
final class Voyage {
  private static final int PARAMETERS = 24;
  private static final int LARGE = 5 << 20;

  private final Map<String, byte[]> blobs = new LinkedHashMap<>();
  private final Freight freight = new Freight();
  private Writing.Home home =
      new Writing.Home("", new dev.holdfast.aws.sigv4.Credentials("", "", null), "");
  private String manifest = "";

  /** What a look at a directory found. */
  enum Seen {
    /** Everything that was acknowledged. */
    ALL,
    /** Everything, but for blobs that are refused by name. */
    ALL_BUT_BLOBS
  }

  /** Makes a directory in three lives, so that it holds table files, logs and old files. */
  static Voyage make(Path dir) throws Exception {
    var voyage = new Voyage();
    voyage.first(dir);
    Ashore.settle(dir);
    try (Ashore platform = Ashore.start(dir);
        var to = new Writing(platform.url(), voyage.home)) {
      parameters(to, PARAMETERS / 2, PARAMETERS);
    }
    files(dir);
    return voyage;
  }

  private void first(Path dir) throws Exception {
    try (Ashore platform = Ashore.start(dir)) {
      Ashore.Account made = platform.account();
      home = new Writing.Home(made.id().digits(), made.administrator(), "");
      try (var to = new Writing(platform.url(), home)) {
        home = new Writing.Home(home.account(), home.administrator(), to.registryToken());
      }
      try (var to = new Writing(platform.url(), home)) {
        to.call(KmsModel.CREATE_KEY, JsonObject.EMPTY);
        to.call(IamModel.CREATE_USER, JsonObject.EMPTY.with("UserName", "sailor"));
        to.call(EcsModel.CREATE_CLUSTER, JsonObject.EMPTY.with("clusterName", "steady"));
        parameters(to, 0, PARAMETERS / 2);
        to.call(
            EcrModel.CREATE_REPOSITORY,
            JsonObject.EMPTY.with("repositoryName", Writing.REPOSITORY));
        image(to);
        freight.load(to);
      }
    }
  }

  private static void parameters(Writing to, int from, int end) throws Exception {
    for (int i = from; i < end; i++) {
      to.call(
          SsmModel.PUT_PARAMETER,
          JsonObject.EMPTY
              .with("Name", "/voyage/" + i)
              .with("Value", value(i))
              .with("Type", i % 2 == 0 ? "String" : "SecureString"));
    }
  }

  private static String value(int i) {
    return "value-" + i + "-" + "x".repeat(i * 40);
  }

  private void image(Writing to) throws Exception {
    var random = new Random(7);
    for (int size : new int[] {200, 60_000, LARGE}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      blobs.put("sha256:" + Hashes.sha256Hex(content), content);
    }
    push(to);
  }

  /** Pushes the image as a client does: only what {@code HEAD} does not find. */
  void push(Writing to) throws Exception {
    for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
      if (!to.has("blobs/" + blob.getKey())) {
        to.pushBlob(blob.getValue());
      }
    }
    var digests = new ArrayList<>(blobs.keySet());
    manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":200},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":60000},
                   {"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}"""
            .formatted(digests.get(0), digests.get(1), digests.get(2), LARGE);
    to.pushManifest("1", manifest);
  }

  /** What the processes around the platform leave in a directory. */
  private static void files(Path dir) throws IOException {
    Disk.local().makeDirectories(dir.resolve("run"));
    Disk.local().makeDirectories(dir.resolve("logs"));
    Files.writeString(dir.resolve("server.pid"), "4711\n");
    Files.writeString(dir.resolve("run").resolve("server.lock"), "");
    Files.writeString(dir.resolve("run").resolve("admin.sock.path"), "/tmp/x/admin.sock\n");
    Files.writeString(dir.resolve("logs").resolve("server.log"), "{\"message\":\"x\"}\n");
    Files.writeString(dir.resolve("blobs").resolve("uploads").resolve("7"), "half an upload");
  }

  List<String> digests() {
    return List.copyOf(blobs.keySet());
  }

  Writing client(Ashore platform) {
    return new Writing(platform.url(), home);
  }

  /**
   * Reads everything.
   *
   * @throws AssertionError where something is missing, or is another than it was
   */
  Seen look(Ashore platform) throws Exception {
    try (Writing from = client(platform)) {
      for (int i = 0; i < PARAMETERS; i++) {
        JsonObject in =
            JsonObject.EMPTY
                .with("Name", "/voyage/" + i)
                .with("WithDecryption", new dev.holdfast.kit.JsonValue.JsonBool(true));
        String text = Json.text(from.call(SsmModel.GET_PARAMETER, in));
        same(text.contains("\"" + value(i) + "\""), "parameter " + i);
      }
      String user =
          Json.text(from.call(IamModel.GET_USER, JsonObject.EMPTY.with("UserName", "sailor")));
      same(user.contains("sailor"), "user");
      String clusters = Json.text(from.call(EcsModel.LIST_CLUSTERS, JsonObject.EMPTY));
      same(clusters.contains("cluster/steady"), "cluster");
      freight.look(from);
      byte[] found = from.pull("manifests/1").orElseThrow(() -> new AssertionError("manifest"));
      same(new String(found, StandardCharsets.UTF_8).equals(manifest), "manifest");
      return blobs(from);
    } catch (ApiError e) {
      throw new AssertionError("an operation answers " + e.code() + ": " + e.text(), e);
    }
  }

  private Seen blobs(Writing from) throws Exception {
    Seen seen = Seen.ALL;
    for (String digest : blobs.keySet()) {
      Optional<byte[]> found;
      try {
        found = from.pull("blobs/" + digest);
      } catch (IOException _) {
        found = Optional.empty(); // the connection broke before the end
      }
      if (found.isEmpty()) {
        seen = Seen.ALL_BUT_BLOBS;
      } else {
        same(digest.equals("sha256:" + Hashes.sha256Hex(found.get())), "blob " + digest);
      }
    }
    return seen;
  }

  private static void same(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + " is not what was acknowledged");
    }
  }
}
