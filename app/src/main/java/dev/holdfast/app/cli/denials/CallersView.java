// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.denials;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.app.tls.Contexts;
import dev.holdfast.app.tls.Pem;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageRequest;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A denial as whoever has AWS credentials may see it: by a signed {@code
 * sts:DecodeAuthorizationMessage}, which is judged, and told to nobody outside the account.
 */
public final class CallersView {
  private final URI endpoint;
  private final Credentials credentials;
  private final String region;
  private final String bundle;

  private CallersView(URI endpoint, Credentials credentials, String region, String bundle) {
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.region = region;
    this.bundle = bundle;
  }

  /**
   * The view of whoever the environment names, in the variables that {@code ./holdfast env} and
   * {@code aws configure export-credentials --format env} write.
   *
   * @return empty where it names no credentials, or no address: AWS itself is never asked
   */
  public static Optional<CallersView> of(Map<String, String> environment) {
    String key = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    String any = environment.getOrDefault("AWS_ENDPOINT_URL", "");
    String url = environment.getOrDefault("AWS_ENDPOINT_URL_STS", any);
    if (key.isEmpty() || secret.isEmpty() || url.isEmpty()) {
      return Optional.empty();
    }
    String region =
        environment.getOrDefault(
            "AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", "us-east-1"));
    return Optional.of(
        new CallersView(
            address(url),
            new Credentials(key, secret, token.isEmpty() ? null : token),
            region,
            environment.getOrDefault("AWS_CA_BUNDLE", "")));
  }

  /**
   * What the account is told of one of its denials.
   *
   * @throws CliFailure with AWS's refusal, which is the same for an id of another account and for
   *     one that there never was
   */
  public String explain(String id) throws IOException {
    try (HttpClient http = http()) {
      var client = new AwsClient(http, endpoint, region, () -> credentials, InstantSource.system());
      String message =
          client
              .call(
                  StsModel.DECODE_AUTHORIZATION_MESSAGE,
                  DecodeAuthorizationMessageRequest.builder().encodedMessage(id).build())
              .decodedMessage();
      return DecodedDenial.of(Json.parse(message == null ? "{}" : message)).text();
    } catch (ApiError e) {
      throw new CliFailure(e.code() + ": " + e.text());
    } catch (Json.MalformedJson e) {
      throw new CliFailure("what answers at AWS_ENDPOINT_URL is not Holdfast: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure("interrupted");
    }
  }

  private static URI address(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new CliFailure("AWS_ENDPOINT_URL is no address: " + e.getMessage());
    }
  }

  private HttpClient http() throws IOException {
    if (bundle.isEmpty()) {
      return HttpClient.newHttpClient();
    }
    try {
      return HttpClient.newBuilder()
          .sslContext(Contexts.client(Pem.certificate(Files.readString(Path.of(bundle)))))
          .build();
    } catch (GeneralSecurityException e) {
      throw new CliFailure("AWS_CA_BUNDLE holds no certificate: " + e.getMessage());
    }
  }
}
