// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RepositoryId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the image of a container definition refers to. */
public sealed interface ImageReference {
  Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  Pattern ECR_HOST =
      Pattern.compile("([0-9]{12})\\.dkr\\.ecr(?:-fips)?\\.([a-z0-9-]+)\\.[a-z0-9.-]+(?::\\d+)?");

  /** The grammar of any reference: host, repository, tag, digest. */
  Pattern REFERENCE =
      Pattern.compile(
          "(?:(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?/)?"
              + "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*"
              + "(?:/[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*)*"
              + "(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?");

  /**
   * An image of this platform's registry. It never holds the registry's address, which may change.
   *
   * @param tag null where the digest alone says which; without both it is {@code latest}
   */
  record Own(
      AccountId account,
      Region region,
      String repository,
      @Nullable String tag,
      @Nullable Digest digest)
      implements ImageReference {
    public RepositoryId repositoryId() {
      return new RepositoryId(account, region, repository);
    }

    /** This image, by digest alone. */
    public Own at(Digest exactly) {
      return new Own(account, region, repository, null, exactly);
    }
  }

  /** An image of another registry. */
  record Foreign(String text) implements ImageReference {}

  /** An image that is addressed to this registry in a form that it does not have. */
  record Malformed(String text, String reason) implements ImageReference {}

  /** Whether a text can be a tag. */
  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  /**
   * Takes an image apart.
   *
   * @param authority host and port that this registry answers at; on loopback it is also known as
   *     {@code localhost}
   * @param caller whose registry it is, where the image names no account
   */
  static ImageReference parse(String image, String authority, AccountId caller, Region region) {
    int slash = image.indexOf('/');
    if (slash < 0) {
      return foreign(image);
    }
    String host = image.substring(0, slash);
    String rest = image.substring(slash + 1);
    Matcher ecr = ECR_HOST.matcher(host);
    if (ecr.matches()) {
      Optional<Region> named = Region.parse(ecr.group(2));
      return named.isEmpty()
          ? new Malformed(image, "the region `" + ecr.group(2) + "` is none")
          : own(image, rest, new AccountId(ecr.group(1)), named.get());
    }
    return isOurs(host, authority) ? own(image, rest, caller, region) : foreign(image);
  }

  private static ImageReference foreign(String image) {
    return image.length() <= 512 && REFERENCE.matcher(image).matches()
        ? new Foreign(image)
        : new Malformed(image, "an image is named registry/repository:tag");
  }

  private static boolean isOurs(String host, String authority) {
    if (host.equals(authority)) {
      return true;
    }
    int port = authority.lastIndexOf(':');
    return port >= 0
        && isLoopback(authority.substring(0, port))
        && (host.equals("localhost" + authority.substring(port))
            || host.equals("127.0.0.1" + authority.substring(port)));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
  }

  private static ImageReference own(String image, String rest, AccountId account, Region region) {
    String name = rest;
    Digest digest = null;
    int at = name.indexOf('@');
    if (at >= 0) {
      digest = Digest.parse(name.substring(at + 1)).orElse(null);
      if (digest == null) {
        return new Malformed(image, "what follows `@` is no sha256 digest");
      }
      name = name.substring(0, at);
    }
    String tag = digest == null ? "latest" : null;
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf('/')) {
      tag = name.substring(colon + 1);
      if (!isTag(tag)) {
        return new Malformed(image, "`" + tag + "` is no tag");
      }
      name = name.substring(0, colon);
    }
    Optional<RepositoryId> id = RepositoryId.addressed(name, account, region);
    return id.isEmpty()
        ? new Malformed(image, "`" + name + "` is no repository name")
        : new Own(id.get().account(), region, id.get().name(), tag, digest);
  }
}
