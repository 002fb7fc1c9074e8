// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecr.DeleteLifecyclePolicyRequest;
import dev.holdfast.aws.ecr.DeleteRepositoryPolicyRequest;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetLifecyclePolicyRequest;
import dev.holdfast.aws.ecr.GetRepositoryPolicyRequest;
import dev.holdfast.aws.ecr.ImageScanningConfiguration;
import dev.holdfast.aws.ecr.PutImageScanningConfigurationRequest;
import dev.holdfast.aws.ecr.PutLifecyclePolicyRequest;
import dev.holdfast.aws.ecr.SetRepositoryPolicyRequest;
import dev.holdfast.registry.OciClient;
import dev.holdfast.registry.RegistryHarbor;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.Profile;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies that a repository has of its own: who may, and what stays. */
class RepositoryPoliciesTest {
  private static final String KEEP_ONE =
      """
      {"rules":[{"rulePriority":1,"description":"one of a kind","selection":{"tagStatus":"any",
       "countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}""";

  @TempDir Path root;
  private RegistryHarbor harbor;
  private OciClient client;

  @SuppressWarnings("NullAway.Init")
  RepositoryPoliciesTest() {}

  @BeforeEach
  void start() throws Exception {
    harbor = new RegistryHarbor(FileBlobStore.open(root), Profile.DEV, 0);
    client = new OciClient(harbor, harbor.authorization());
    harbor.repository("shop/web");
  }

  @AfterEach
  void stop() {
    client.close();
    harbor.close();
  }

  private static void refused(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  private void lifecycle(String text) {
    harbor.run(
        EcrModel.PUT_LIFECYCLE_POLICY,
        PutLifecyclePolicyRequest.builder()
            .repositoryName("shop/web")
            .lifecyclePolicyText(text)
            .build());
  }

  private void policy(String effect, String action, boolean force) {
    harbor.run(
        EcrModel.SET_REPOSITORY_POLICY,
        SetRepositoryPolicyRequest.builder()
            .repositoryName("shop/web")
            .policyText(
                """
                {"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"%s","Action":"%s",
                 "Principal":"*"}]}"""
                    .formatted(effect, action))
            .force(force)
            .build());
  }

  @Test
  void aLifecyclePolicyIsKeptShownActedUponAndDeleted() throws Exception {
    var get = GetLifecyclePolicyRequest.builder().repositoryName("shop/web").build();
    refused(
        "LifecyclePolicyNotFoundException",
        "Lifecycle policy does not exist for the repository with name 'shop/web' in the registry"
            + " with id '123456789012'",
        () -> harbor.run(EcrModel.GET_LIFECYCLE_POLICY, get));
    Digest old = client.image("shop/web", "1", "old");
    harbor.advance(Duration.ofMinutes(1));
    Digest fresh = client.image("shop/web", "2", "fresh");
    assertThat(harbor.registry().expiry().expire(harbor.now())).isZero();
    lifecycle(KEEP_ONE);
    assertThat(harbor.run(EcrModel.GET_LIFECYCLE_POLICY, get).lifecyclePolicyText())
        .isEqualTo(KEEP_ONE);
    assertThat(harbor.run(EcrModel.GET_LIFECYCLE_POLICY, get).lastEvaluatedAt()).isNull();
    assertThat(harbor.registry().expiry().expire(harbor.now())).isEqualTo(1);
    assertThat(client.get("/v2/shop/web/manifests/" + old).statusCode()).isEqualTo(404);
    assertThat(client.get("/v2/shop/web/manifests/" + fresh).statusCode()).isEqualTo(200);
    assertThat(harbor.run(EcrModel.GET_LIFECYCLE_POLICY, get).lastEvaluatedAt())
        .isEqualTo(harbor.now());
    AuditEvent event =
        harbor.events().stream()
            .filter(e -> e.name().equals("PolicyExecutionEvent"))
            .findFirst()
            .orElseThrow();
    assertThat(event.document().toString()).contains(old.text()).doesNotContain(fresh.text());
    harbor.run(
        EcrModel.DELETE_LIFECYCLE_POLICY,
        DeleteLifecyclePolicyRequest.builder().repositoryName("shop/web").build());
    refused(
        "LifecyclePolicyNotFoundException",
        "does not exist",
        () -> harbor.run(EcrModel.GET_LIFECYCLE_POLICY, get));
  }

  @Test
  void aLifecyclePolicyThatWouldBeMisreadIsRefused() {
    refused(
        "InvalidParameterException",
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy"
            + " validation failure: `countType` is",
        () -> lifecycle(KEEP_ONE.replace("imageCountMoreThan", "somethingElse")));
  }

  @Test
  void aRepositoryPolicyIsKeptShownAndDeleted() {
    var get = GetRepositoryPolicyRequest.builder().repositoryName("shop/web").build();
    refused(
        "RepositoryPolicyNotFoundException",
        "Repository policy does not exist for the repository with name 'shop/web' in the registry"
            + " with id '123456789012'",
        () -> harbor.run(EcrModel.GET_REPOSITORY_POLICY, get));
    policy("Allow", "ecr:BatchGetImage", false);
    assertThat(harbor.run(EcrModel.GET_REPOSITORY_POLICY, get).policyText())
        .contains("ecr:BatchGetImage");
    refused(
        "InvalidParameterException",
        "'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided",
        () -> policy("Perhaps", "ecr:BatchGetImage", false));
    harbor.run(
        EcrModel.DELETE_REPOSITORY_POLICY,
        DeleteRepositoryPolicyRequest.builder().repositoryName("shop/web").build());
    refused(
        "RepositoryPolicyNotFoundException",
        "does not exist",
        () -> harbor.run(EcrModel.GET_REPOSITORY_POLICY, get));
  }

  @Test
  void aPolicyThatLocksItsWriterOutIsSetByForceAlone() {
    refused(
        "InvalidParameterException",
        "use force",
        () -> policy("Deny", "ecr:SetRepositoryPolicy", false));
    policy("Deny", "ecr:SetRepositoryPolicy", true);
  }

  @Test
  void imagesAreNotScannedAndNobodyIsToldOtherwise() {
    harbor.run(EcrModel.PUT_IMAGE_SCANNING_CONFIGURATION, scanning(false));
    refused(
        "InvalidParameterException",
        "scanning of images is not served yet",
        () -> harbor.run(EcrModel.PUT_IMAGE_SCANNING_CONFIGURATION, scanning(true)));
  }

  private static PutImageScanningConfigurationRequest scanning(boolean onPush) {
    return PutImageScanningConfigurationRequest.builder()
        .repositoryName("shop/web")
        .imageScanningConfiguration(ImageScanningConfiguration.builder().scanOnPush(onPush).build())
        .build();
  }
}
