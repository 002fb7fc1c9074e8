// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.rules.Ground;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A platform that is called over HTTP, and the ground that the operator's rules stand on. */
abstract class RulesScene {
  final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
  TestPlatform platform;
  HttpClient http;
  Ground ground;
  String account;

  private final String region;

  @SuppressWarnings("NullAway.Init")
  RulesScene(String region) {
    this.region = region;
  }

  @BeforeEach
  final void begin() throws IOException {
    platform = TestPlatform.start(clock);
    http = HttpClient.newHttpClient();
    OpenDirectory directory = platform.parts().directory();
    ground =
        new Ground(
            directory.foundation().state(),
            directory.iam(),
            directory.trail(),
            directory.installation().account(),
            new Ground.Operator() {
              @Override
              public Call call(String source, String name, JsonObject parameters) {
                return directory.operator().call(source, name, parameters);
              }

              @Override
              public Instant now() {
                return clock.instant();
              }
            });
    account = ground.account().digits();
  }

  @AfterEach
  final void end() throws IOException {
    http.close();
    platform.close();
  }

  final AwsClient as(Credentials credentials) {
    return new AwsClient(http, platform.url(), region, () -> credentials, clock);
  }

  final AwsClient operator() {
    return as(ground.iam().accounts().operator(ground.account()).credentials());
  }
}
