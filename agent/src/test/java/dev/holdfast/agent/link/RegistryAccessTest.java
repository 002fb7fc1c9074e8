// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.aws.agent.PayloadContainer.EcrAuthData;
import dev.holdfast.aws.agent.PayloadContainer.RegistryAuthentication;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A wrong yes here would start an image that its role may not pull. */
class RegistryAccessTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String ACCOUNT = "111122223333";
  private static final RoleCredentials ROLE =
      new RoleCredentials("id", "arn:role", "ASIAEXECUTION", "secret", "token", null);

  private final List<JsonObject> asked = new CopyOnWriteArrayList<>();
  private final List<String> signed = new CopyOnWriteArrayList<>();
  private HttpServer platform;
  private RegistryAccess registry;
  private final AtomicInteger silences = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int status = 200;
  private volatile String answer = "{}";

  @SuppressWarnings("NullAway.Init")
  RegistryAccessTest() {}

  @BeforeEach
  void open() throws IOException {
    platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    platform.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(Json.parseObject(exchange.getRequestBody().readAllBytes()));
            signed.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (silences.getAndDecrement() > 0) {
              return;
            }
            if (failures.getAndDecrement() > 0) {
              exchange.sendResponseHeaders(503, -1);
              return;
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    platform.start();
    URI url = URI.create("http://" + host());
    var client =
        new AwsClient(
            HttpClient.newHttpClient(),
            url,
            "us-east-1",
            () -> new Credentials("AKIAHOST", "secret", null),
            InstantSource.system());
    registry = new RegistryAccess(client, url.getAuthority(), "us-east-1");
  }

  @AfterEach
  void close() {
    platform.stop(0);
  }

  private String host() {
    return "127.0.0.1:" + platform.getAddress().getPort();
  }

  private boolean gives(String image, @Nullable RoleCredentials role) {
    var ecr = new EcrAuthData(ACCOUNT, "eu-west-1", true, null);
    return registry.gives(new RegistryAuthentication("ecr", ecr, null), image, role);
  }

  @Test
  void asksAsTheExecutionRoleInTheImagesAccountAndRegion() {
    answer = "{\"images\":[{\"repositoryName\":\"shop/web\"}],\"failures\":[]}";
    assertThat(gives(host() + "/" + ACCOUNT + "/shop/web@" + DIGEST, ROLE)).isTrue();
    assertThat(gives(host() + "/shop/web@" + DIGEST, ROLE)).isTrue();
    assertThat(asked)
        .hasSize(2)
        .allSatisfy(
            request -> {
              assertThat(request.string("registryId")).isEqualTo(ACCOUNT);
              assertThat(request.string("repositoryName")).isEqualTo("shop/web");
              assertThat(Json.text(request)).contains(DIGEST);
            });
    assertThat(signed)
        .allSatisfy(header -> assertThat(header).contains("ASIAEXECUTION", "/eu-west-1/ecr/"));
  }

  @Test
  void isNotGivenWhatIsDeniedOrGone() {
    String image = host() + "/shop/web@" + DIGEST;
    answer = "{\"images\":[],\"failures\":[{\"failureCode\":\"ImageNotFound\"}]}";
    assertThat(gives(image, ROLE)).isFalse();
    status = 400;
    answer = "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}";
    assertThat(gives(image, ROLE)).isFalse();
    assertThat(asked).as("an answer holds").hasSize(2);
    platform.stop(0);
    assertThat(gives(image, ROLE)).isFalse();
  }

  @Test
  void asksAgainWhileThePlatformDoesNotAnswerOrCannot() {
    answer = "{\"images\":[{\"repositoryName\":\"shop/web\"}]}";
    silences.set(2);
    assertThat(gives(host() + "/shop/web@" + DIGEST, ROLE)).isTrue();
    assertThat(asked).hasSizeGreaterThan(2);
    failures.set(2);
    assertThat(gives(host() + "/shop/web@" + DIGEST, ROLE)).isTrue();
  }

  @Test
  void leavesForeignRegistriesAndTasksWithoutARoleToTheEngine() {
    answer = "{\"images\":[{\"repositoryName\":\"shop/web\"}]}";
    assertThat(gives("registry.example/shop/web@" + DIGEST, ROLE)).isFalse();
    assertThat(gives("web@" + DIGEST, ROLE)).isFalse();
    assertThat(gives(host() + "/shop/web@" + DIGEST, null)).isFalse();
    assertThat(asked).isEmpty();
  }
}
