// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.Images.RegistryAuth;
import dev.holdfast.agent.task.RegistrySignIn;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.PayloadContainer.EcrAuthData;
import dev.holdfast.aws.agent.PayloadContainer.RegistryAuthentication;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecr.AuthorizationData;
import dev.holdfast.aws.ecr.BatchGetImageRequest;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetAuthorizationTokenRequest;
import dev.holdfast.aws.ecr.ImageIdentifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The platform's registry, asked as a task's execution role. */
public final class RegistryAccess implements RegistrySignIn {
  private final AwsClient client;
  private final String address;
  private final String region;

  /**
   * Makes the access.
   *
   * @param client of the platform; whose credentials does not matter
   * @param address of the platform's registry, as the names of images begin with it
   * @param region where a task names none
   */
  public RegistryAccess(AwsClient client, String address, String region) {
    this.client = client;
    this.address = address;
    this.region = region;
  }

  @Override
  public RegistryAuth token(
      RegistryAuthentication authentication, String image, @Nullable RoleCredentials executionRole)
      throws IOException {
    EcrAuthData ecr = authentication.ecrAuthData();
    if (!authentication.type().equals("ecr") || ecr == null) {
      throw new IOException("sign-in of the type " + authentication.type() + " is not served");
    }
    if (executionRole == null) {
      throw new IOException("the task has no execution role to pull its image with");
    }
    String registry = ecr.registryId();
    var request =
        GetAuthorizationTokenRequest.builder()
            .registryIds(registry == null ? List.of() : List.of(registry))
            .build();
    try {
      var result =
          PlatformCalls.call(as(ecr, executionRole), EcrModel.GET_AUTHORIZATION_TOKEN, request);
      AuthorizationData data = result.authorizationData().getFirst();
      String token =
          new String(
              Base64.getDecoder().decode(String.valueOf(data.authorizationToken())),
              StandardCharsets.UTF_8);
      int colon = token.indexOf(':');
      if (colon < 0) {
        throw new IOException("the registry's token is malformed");
      }
      return new RegistryAuth(
          token.substring(0, colon), token.substring(colon + 1), image.split("/", 2)[0]);
    } catch (ApiError e) {
      throw new IOException(
          "unable to retrieve ecr registry auth: " + e.code() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | java.util.NoSuchElementException e) {
      throw new IOException("the registry's token is malformed", e);
    }
  }

  @Override
  public boolean gives(
      RegistryAuthentication authentication,
      String image,
      @Nullable RoleCredentials executionRole) {
    EcrAuthData ecr = authentication.ecrAuthData();
    int slash = image.indexOf('/');
    int at = image.indexOf('@');
    if (ecr == null
        || executionRole == null
        || at < slash
        || !image.substring(0, Math.max(0, slash)).equals(address)) {
      return false;
    }
    String repository = image.substring(slash + 1, at);
    String registry = ecr.registryId();
    String account = registry == null ? "" : registry + "/"; // an image's path names the account
    var request =
        BatchGetImageRequest.builder()
            .registryId(registry)
            .repositoryName(
                repository.startsWith(account)
                    ? repository.substring(account.length())
                    : repository)
            .imageIds(
                List.of(ImageIdentifier.builder().imageDigest(image.substring(at + 1)).build()))
            .build();
    try {
      return !PlatformCalls.call(as(ecr, executionRole), EcrModel.BATCH_GET_IMAGE, request)
          .images()
          .isEmpty();
    } catch (ApiError | IOException _) {
      return false;
    }
  }

  private AwsClient as(EcrAuthData ecr, RoleCredentials executionRole) {
    String where = ecr.region();
    return client.as(
        () -> PlatformCalls.credentials(executionRole),
        where == null || where.isEmpty() ? region : where);
  }
}
