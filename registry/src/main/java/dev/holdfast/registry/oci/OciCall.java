// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.plan.OciPath;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.store.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that knows who sent it and which repository it is for.
 *
 * @param query the parameters, decoded; the first of each name
 */
record OciCall(
    Exchange exchange,
    Call call,
    OciPath path,
    RepositoryId repository,
    Map<String, String> query) {

  Access demands(String action) {
    return Access.of(action, repository.arn());
  }

  /** The digest that the path names. */
  Digest digest() {
    return digest(path.reference());
  }

  static Digest digest(String text) {
    return Digest.parse(text).orElseThrow(() -> OciError.digestInvalid(text));
  }

  @Nullable String parameter(String name) {
    return query.get(name);
  }

  /** The repository as it is, which must exist. */
  Repository require(View view) {
    Repository found = view.get(RegistryTables.REPOSITORIES, repository.account(), repository);
    if (found == null) {
      throw new OciError(
          404,
          "NAME_UNKNOWN",
          "The repository with name '"
              + repository.name()
              + "' does not exist in the registry with id '"
              + repository.account()
              + "'; create it first: aws ecr create-repository --repository-name "
              + repository.name());
    }
    return found;
  }

  /** What the audit says of the input. */
  void describe(String member, String value) {
    call.record()
        .parameters(
            JsonObject.EMPTY
                .with("registryId", repository.account().digits())
                .with("repositoryName", repository.name())
                .with(member, value));
  }

  /** A path below this repository, as the client wrote its name. */
  String location(String rest) {
    return "/v2/" + path.name() + "/" + rest;
  }

  void respond(int status, Header... headers) throws IOException {
    respond(status, List.of(headers), new byte[0]);
  }

  void respond(int status, List<Header> headers, byte[] body) throws IOException {
    exchange.respond(status, common(headers), body);
  }

  /** The headers that every answer has. */
  List<Header> common(List<Header> headers) {
    var all = new ArrayList<>(headers);
    all.add(OciHandler.API_VERSION);
    all.add(new Header("x-amzn-RequestId", call.id().text()));
    return all;
  }
}
