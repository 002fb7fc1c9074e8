// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.ParsedManifest.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests and indexes of the OCI image spec and of Docker's schema 2. Pure: what a manifest
 * refers to is checked elsewhere.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md">Manifest</a>
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md">Index</a>
 */
public final class ManifestParser {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** The most references of one manifest. */
  private static final int MAX_DESCRIPTORS = 10_000;

  private static final Set<String> IMAGES = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
  private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);

  /** What came of it. */
  public sealed interface Result {
    /** A manifest. */
    record Parsed(ParsedManifest manifest) implements Result {}

    /** Anything else, and why. */
    record Malformed(String reason) implements Result {}
  }

  /** Carries a reason out of the descent; never leaves this class. */
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String reason) {
      super(reason, null, false, false);
    }
  }

  private ManifestParser() {}

  /**
   * Reads a manifest.
   *
   * @param contentType the request's {@code Content-Type}; empty where it has none
   */
  public static Result parse(byte[] bytes, String contentType) {
    try {
      return new Result.Parsed(read(Json.parseObject(bytes), bare(contentType)));
    } catch (Fault e) {
      return new Result.Malformed(String.valueOf(e.getMessage()));
    } catch (Json.MalformedJson e) {
      return new Result.Malformed("the manifest is no JSON document: " + e.getMessage());
    }
  }

  private static String bare(String contentType) {
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
  }

  private static ParsedManifest read(JsonObject json, String contentType) throws Fault {
    Long version = json.integer("schemaVersion");
    if (version == null || version != 2) {
      throw new Fault("the manifest's `schemaVersion` must be 2");
    }
    String said = json.string("mediaType");
    boolean typed = IMAGES.contains(contentType) || INDEXES.contains(contentType);
    if (said != null && typed && !said.equals(contentType)) {
      throw new Fault(
          "the manifest's `mediaType` `" + said + "` differs from the request's Content-Type");
    }
    String mediaType = typed ? contentType : said == null ? guess(json) : said;
    if (INDEXES.contains(mediaType)) {
      return index(json, mediaType);
    }
    if (IMAGES.contains(mediaType)) {
      return image(json, mediaType);
    }
    throw new Fault("manifests of media type `" + mediaType + "` are not served");
  }

  private static String guess(JsonObject json) {
    return json.get("manifests") == null ? OCI_MANIFEST : OCI_INDEX;
  }

  private static ParsedManifest image(JsonObject json, String mediaType) throws Fault {
    if (json.get("manifests") != null) {
      throw new Fault("an image manifest has no `manifests`");
    }
    if (!(json.get("config") instanceof JsonObject config)) {
      throw new Fault("the manifest has no `config`");
    }
    var blobs = new ArrayList<Descriptor>();
    blobs.add(descriptor(config, "config"));
    for (JsonValue item : list(json, "layers")) {
      JsonObject layer = object(item, "layers");
      Descriptor descriptor = descriptor(layer, "layers");
      if (!elsewhere(layer)) {
        blobs.add(descriptor);
      }
    }
    String artifactType = json.string("artifactType");
    return new ParsedManifest(
        mediaType,
        artifactType == null ? config.string("mediaType") : artifactType,
        blobs,
        List.of(),
        subject(json));
  }

  private static ParsedManifest index(JsonObject json, String mediaType) throws Fault {
    if (json.get("layers") != null || json.get("config") != null) {
      throw new Fault("an index has neither `config` nor `layers`");
    }
    var manifests = new ArrayList<Descriptor>();
    for (JsonValue item : list(json, "manifests")) {
      manifests.add(descriptor(object(item, "manifests"), "manifests"));
    }
    return new ParsedManifest(
        mediaType, json.string("artifactType"), List.of(), manifests, subject(json));
  }

  private static @Nullable Descriptor subject(JsonObject json) throws Fault {
    JsonValue subject = json.get("subject");
    return subject == null ? null : descriptor(object(subject, "subject"), "subject");
  }

  /** Layers that their vendor forbids to copy are fetched from where they are. */
  private static boolean elsewhere(JsonObject layer) {
    String mediaType = layer.string("mediaType");
    return mediaType != null
        && (mediaType.contains(".nondistributable.") || mediaType.contains(".foreign."))
        && !layer.array("urls").isEmpty();
  }

  private static List<JsonValue> list(JsonObject json, String name) throws Fault {
    if (!(json.get(name) instanceof JsonValue.JsonArray(var items))) {
      throw new Fault("the manifest has no list `" + name + "`");
    }
    if (items.size() > MAX_DESCRIPTORS) {
      throw new Fault("the manifest lists more than " + MAX_DESCRIPTORS + " `" + name + "`");
    }
    return items;
  }

  private static JsonObject object(JsonValue value, String where) throws Fault {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new Fault("`" + where + "` holds something that is no descriptor");
  }

  private static Descriptor descriptor(JsonObject json, String where) throws Fault {
    String text = json.string("digest");
    Digest digest = text == null ? null : Digest.parse(text).orElse(null);
    Long size = json.integer("size");
    if (digest == null) {
      throw new Fault("a descriptor of `" + where + "` has no sha256 digest");
    }
    if (size == null || size < 0) {
      throw new Fault("a descriptor of `" + where + "` has no size");
    }
    return new Descriptor(digest, size);
  }
}
