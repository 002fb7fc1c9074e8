// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another account at the registry, where there is something to be had: an image with a tag and a
 * layer. To it the repository is as good as none, and its layer is mounted nowhere.
 */
class RegistryForeignTest {
  private static Harbor harbor;
  private static RegistryPeer home;
  private static RegistryPeer foreign;
  private static RegistryPeer.Pushed pushed;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    for (String name : List.of("shop/kept", "shop/other")) {
      JsonObject _ =
          harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"%s\"}".formatted(name));
    }
    JsonObject _ =
        harbor.call(
            harbor.foreign().administrator(),
            "us-east-1",
            "ecr:CreateRepository",
            "{\"repositoryName\":\"mine\"}");
    home = RegistryPeer.of(harbor, harbor.home().administrator());
    foreign = RegistryPeer.of(harbor, harbor.foreign().administrator());
    pushed = home.push("shop/kept", "what is in a layer");
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String filled(String path, String repository) {
    return path.replace("REPOSITORY", repository)
        .replace("MANIFEST", pushed.manifest())
        .replace("BLOB", pushed.blob());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REPOSITORY/tags/list",
        "REPOSITORY/manifests/1",
        "REPOSITORY/manifests/MANIFEST",
        "REPOSITORY/blobs/BLOB",
        "REPOSITORY/referrers/MANIFEST"
      })
  void anotherAccountsRepositoryIsAsGoodAsNone(String path) {
    String there = harbor.account() + "/shop/kept";
    Raw.Answer one = foreign.get(filled(path, there));
    Raw.Answer two = foreign.get(filled(path, harbor.account() + "/shop/gone"));
    assertThat(one.status()).isEqualTo(403).isEqualTo(two.status());
    assertThat(said(one)).isEqualTo(said(two)).contains("DENIED");
    assertThat(home.get(filled(path, there)).status()).isEqualTo(200);
  }

  private static String said(Raw.Answer answer) {
    return answer
        .text()
        .substring(answer.text().indexOf("\r\n\r\n"))
        .replaceAll("shop/(kept|gone)", "NAME")
        .replaceAll("authorization id: [0-9a-f-]+", "");
  }

  private static String mount(String from) {
    return "mount=" + pushed.blob() + "&from=" + from;
  }

  @Test
  void aMountFromAnotherAccountIsNoMount() {
    for (String from :
        List.of(
            harbor.account() + "/shop/kept",
            harbor.account() + "/shop/gone",
            "shop/kept",
            "mine")) {
      Raw.Answer answer = foreign.send("POST", "mine/blobs/uploads/?" + mount(from), new byte[0]);
      assertThat(answer.status()).as("an upload of its own begins: " + from).isEqualTo(202);
    }
    assertThat(foreign.get("mine/blobs/" + pushed.blob()).status()).isEqualTo(404);
    // The bytes are on this disk; whoever has them may push them, and has them then.
    assertThat(foreign.push("mine", "what is in a layer").blob()).isEqualTo(pushed.blob());
    assertThat(foreign.get("mine/blobs/" + pushed.blob()).status()).isEqualTo(200);
  }

  @Test
  void aMountWithinTheAccountIsOne() {
    assertThat(home.get("shop/other/blobs/" + pushed.blob()).status()).isEqualTo(404);
    Raw.Answer answer =
        home.send("POST", "shop/other/blobs/uploads/?" + mount("shop/kept"), new byte[0]);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(home.get("shop/other/blobs/" + pushed.blob()).status()).isEqualTo(200);
  }
}
