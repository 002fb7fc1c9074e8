// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.spine;

import dev.holdfast.aws.sigv4.SignedRequest.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests that make images and ask for them: a thousand to a repository, each with a tag, all of
 * the blobs of one image that is there.
 *
 * @param manifest of that image, of {@code bench/web}
 */
record GrowingImages(Requests to, String token, String manifest) {
  private static final int EACH = 1_000;
  private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** What comes before the image of that number: at the first of a repository, the repository. */
  List<byte[]> before(int i) {
    var requests = new ArrayList<byte[]>();
    if (i % EACH == 0) {
      requests.add(
          to.json(
              "ecr",
              "AmazonEC2ContainerRegistry_V20150921.CreateRepository",
              "{\"repositoryName\":\"%s\"}".formatted(repository(i))));
      Matcher digests = DIGEST.matcher(manifest);
      while (digests.find()) {
        String uploads = "/v2/" + repository(i) + "/blobs/uploads/";
        String mount = uploads + "?from=bench/web&mount=" + digests.group();
        requests.add(to.send("POST", mount, "", signIn()));
      }
    }
    return requests;
  }

  byte[] push(int i) {
    String own = manifest.replaceFirst("\\{", "{\"annotations\":{\"number\":\"" + i + "\"},");
    return to.send("PUT", path(i), own, signIn(), new Header("Content-Type", TYPE));
  }

  byte[] byTag(int i) {
    return to.send("GET", path(i), "", signIn());
  }

  byte[] list(int i, int page) {
    return to.json(
        "ecr",
        "AmazonEC2ContainerRegistry_V20150921.ListImages",
        "{\"repositoryName\":\"%s\",\"maxResults\":%d}".formatted(repository(i), page));
  }

  private static String repository(int i) {
    return "growth/r" + i / EACH;
  }

  private static String path(int i) {
    return "/v2/" + repository(i) + "/manifests/t" + i;
  }

  private Header signIn() {
    return Requests.basic("AWS", token);
  }

  /** Of the environment, as {@code bench/spine.sh} sets it. */
  static GrowingImages of(Requests to) {
    Map<String, String> env = System.getenv();
    return new GrowingImages(
        to, env.getOrDefault("SPINE_TOKEN", ""), env.getOrDefault("SPINE_MANIFEST_TEXT", ""));
  }
}
