// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.registry.model.ImageTag;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.RegistryTables.TagId;
import dev.holdfast.service.Access;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code GET tags/list}: the tags in order, a page at a time. */
final class ListTags implements OciOperation {
  private static final int MOST = 1000;

  private final OciDependencies deps;

  ListTags(OciDependencies deps) {
    this.deps = deps;
  }

  @Override
  public String event() {
    return "ListImages";
  }

  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:ListImages");
  }

  @Override
  public void handle(OciCall call) throws IOException {
    int limit = limit(call);
    String last = call.parameter("last");
    List<ImageTag> found =
        deps.state()
            .read(
                view -> {
                  call.require(view);
                  return view.list(
                      RegistryTables.TAGS,
                      call.repository().account(),
                      List.of(call.repository().region().name(), call.repository().name()),
                      last == null ? null : new TagId(call.repository(), last),
                      limit + 1);
                });
    List<String> page = found.stream().limit(limit).map(ImageTag::tag).toList();
    var headers = new ArrayList<Header>();
    headers.add(new Header("Content-Type", "application/json"));
    if (found.size() > limit && !page.isEmpty()) {
      String next = URLEncoder.encode(page.getLast(), StandardCharsets.UTF_8);
      headers.add(
          new Header(
              "Link",
              "<" + call.location("tags/list?last=" + next + "&n=" + limit) + ">; rel=\"next\""));
    }
    JsonObject body =
        JsonObject.EMPTY.with("name", call.path().name()).with("tags", JsonArray.ofStrings(page));
    call.respond(200, headers, Json.bytes(body));
  }

  private static int limit(OciCall call) {
    String n = call.parameter("n");
    if (n == null) {
      return MOST;
    }
    if (n.isEmpty() || n.length() > 9 || !n.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new OciError(400, "PAGINATION_NUMBER_INVALID", "`n` is a number of tags");
    }
    return Math.min(MOST, Integer.parseInt(n));
  }
}
