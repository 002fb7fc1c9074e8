// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.IdentityWrites.done;
import static dev.holdfast.it.Wreckable.gone;
import static dev.holdfast.it.Wreckable.same;
import static dev.holdfast.it.Wreckable.step;
import static dev.holdfast.it.Wreckable.whole;

import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.it.Wreckable.Inside;
import dev.holdfast.it.Wreckable.Step;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Blobs at once and in pieces, and images whose tags move. */
final class ImageWrites {
  static final List<Wreckable> ALL =
      List.of(
          new Wreckable(
              "blob",
              List.of(new Step("InitiateLayerUpload", true, Inside.UPLOAD, ImageWrites::pushBlob)),
              1,
              (from, life) -> has(from, life) ? 1 : 0),
          new Wreckable(
              "blob in pieces",
              List.of(
                  new Step("", true, Inside.UPLOAD, (to, _) -> to.startUpload()),
                  new Step("", true, Inside.UPLOAD, (to, life) -> piece(to, life, 0)),
                  new Step("", true, Inside.UPLOAD, (to, life) -> piece(to, life, 1)),
                  new Step(
                      "CompleteLayerUpload",
                      true,
                      Inside.UPLOAD,
                      (to, life) -> to.endUpload(life.answer(0), digest(life)))),
              4,
              ImageWrites::foundPieces),
          new Wreckable(
              "image",
              List.of(
                  new Step("InitiateLayerUpload", true, Inside.UPLOAD, ImageWrites::pushBlob),
                  step("PutImage", (to, life) -> push(to, life, 1)),
                  new Step("PutImage", false, Inside.TAG_MOVE, (to, life) -> push(to, life, 2)),
                  new Step("PutImage", false, Inside.TAG_MOVE, (to, life) -> push(to, life, 3)),
                  step(
                      "BatchDeleteImage",
                      (to, life) -> done(to.call(EcrModel.BATCH_DELETE_IMAGE, image(life))))),
              2,
              ImageWrites::foundImage));

  private ImageWrites() {}

  private static JsonObject image(Life life) {
    return Json.parseObject(
        "{\"repositoryName\":\"%s\",\"imageIds\":[{\"imageTag\":\"%s\"}]}"
            .formatted(Writing.REPOSITORY, life.id()));
  }

  /** Content of its own for each id, of 4 KiB. */
  private static byte[] blob(Life life) {
    return (life.id() + "\n")
        .repeat(4096 / (life.id().length() + 1))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(Life life) {
    return digest(blob(life));
  }

  private static String digest(byte[] content) {
    return "sha256:" + Hashes.sha256Hex(content);
  }

  /** What the audit event of a step by digest calls a life. */
  static String mark(Life life) {
    return digest(life);
  }

  private static String pushBlob(Writing to, Life life) throws IOException, InterruptedException {
    to.pushBlob(blob(life));
    return "";
  }

  private static String piece(Writing to, Life life, int number)
      throws IOException, InterruptedException {
    byte[] all = blob(life);
    int half = all.length / 2;
    byte[] piece =
        number == 0
            ? java.util.Arrays.copyOfRange(all, 0, half)
            : java.util.Arrays.copyOfRange(all, half, all.length);
    return to.continueUpload(life.answer(0), piece);
  }

  private static String push(Writing to, Life life, int number)
      throws IOException, InterruptedException {
    to.pushManifest(life.id(), manifest(life, number));
    return "";
  }

  /** The config blob that every image of the test shares. */
  static byte[] config() {
    return "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);
  }

  private static String manifest(Life life, int number) {
    return """
    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
     "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
     "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}],
     "annotations":{"id":"%s","number":"%d"}}"""
        .formatted(
            digest(config()), config().length, digest(life), blob(life).length, life.id(), number);
  }

  /** Whether the blob is there, and whole. */
  private static boolean has(Seen from, Life life) throws IOException, InterruptedException {
    Optional<byte[]> found = from.client().pull("blobs/" + digest(life));
    found.ifPresent(content -> same(digest(life), digest(content)));
    return found.isPresent();
  }

  private static int foundPieces(Seen from, Life life) throws IOException, InterruptedException {
    if (has(from, life)) {
      return 4;
    }
    if (!life.answer(0).isEmpty()) {
      same(false, from.client().knowsUpload(life.answer(0)));
    }
    return Math.min(3, life.acknowledged());
  }

  private static int foundImage(Seen from, Life life) throws IOException, InterruptedException {
    Optional<byte[]> found = from.client().pull("manifests/" + life.id());
    if (found.isEmpty()) {
      return life.acknowledged() > 1 ? gone(life) : has(from, life) ? 1 : 0;
    }
    byte[] manifest = found.get();
    String digest = digest(manifest);
    Optional<byte[]> byDigest = from.client().pull("manifests/" + digest);
    same(Optional.of(digest), byDigest.map(ImageWrites::digest));
    pullAll(from, Json.parseObject(manifest));
    JsonObject in =
        Json.parseObject(
            "{\"repositoryName\":\"%s\",\"imageIds\":[{\"imageDigest\":\"%s\"}]}"
                .formatted(Writing.REPOSITORY, digest));
    same(true, whole(from.client().find(EcrModel.DESCRIBE_IMAGES, in), "\"" + life.id() + "\""));
    for (int number = 1; number <= 3; number++) {
      if (new String(manifest, StandardCharsets.UTF_8).equals(manifest(life, number))) {
        return number + 1;
      }
    }
    throw new AssertionError("another manifest is there: " + digest);
  }

  /** Pulls what a manifest lists; each must have its digest. */
  private static void pullAll(Seen from, JsonObject manifest)
      throws IOException, InterruptedException {
    for (JsonValue layer : manifest.array("layers")) {
      pullOne(from, (JsonObject) layer);
    }
    pullOne(from, manifest.object("config"));
  }

  private static void pullOne(Seen from, JsonObject descriptor)
      throws IOException, InterruptedException {
    String digest = Harbor.text(descriptor, "digest");
    same(Optional.of(digest), from.client().pull("blobs/" + digest).map(ImageWrites::digest));
  }
}
