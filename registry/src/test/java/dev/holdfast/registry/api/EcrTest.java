// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecr.BatchDeleteImageRequest;
import dev.holdfast.aws.ecr.BatchGetImageRequest;
import dev.holdfast.aws.ecr.CreateRepositoryRequest;
import dev.holdfast.aws.ecr.DeleteRepositoryRequest;
import dev.holdfast.aws.ecr.DescribeImagesRequest;
import dev.holdfast.aws.ecr.DescribeRepositoriesRequest;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.EncryptionConfiguration;
import dev.holdfast.aws.ecr.ImageDetail;
import dev.holdfast.aws.ecr.ImageFailure;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.aws.ecr.ImageTagMutabilityExclusionFilter;
import dev.holdfast.aws.ecr.ListImagesRequest;
import dev.holdfast.aws.ecr.ListTagsForResourceRequest;
import dev.holdfast.aws.ecr.PutImageTagMutabilityRequest;
import dev.holdfast.aws.ecr.Repository;
import dev.holdfast.aws.ecr.Tag;
import dev.holdfast.aws.ecr.TagResourceRequest;
import dev.holdfast.aws.ecr.UntagResourceRequest;
import dev.holdfast.registry.OciClient;
import dev.holdfast.registry.RegistryHarbor;
import dev.holdfast.registry.blob.BlobStore.Blob;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.plan.ImageReference;
import dev.holdfast.service.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EcrTest {
  private static final String ARN = "arn:aws:ecr:us-east-1:123456789012:repository/shop/web";

  @TempDir Path root;
  private RegistryHarbor harbor;
  private OciClient client;

  @SuppressWarnings("NullAway.Init")
  EcrTest() {}

  @BeforeEach
  void start() throws Exception {
    harbor = new RegistryHarbor(FileBlobStore.open(root), Profile.DEV, 0);
    client = new OciClient(harbor, harbor.authorization());
  }

  @AfterEach
  void stop() {
    client.close();
    harbor.close();
  }

  private Repository create(CreateRepositoryRequest.Builder in) {
    Repository made =
        harbor.run(EcrModel.CREATE_REPOSITORY, in.repositoryName("shop/web").build()).repository();
    assertThat(made).isNotNull();
    return Objects.requireNonNull(made);
  }

  private static ImageIdentifier tag(String tag) {
    return ImageIdentifier.builder().imageTag(tag).build();
  }

  @Test
  void createsARepositoryThatIsNamedByTheEndpoint() {
    Repository made = create(CreateRepositoryRequest.builder());
    assertThat(made.repositoryUri()).isEqualTo(harbor.authority() + "/shop/web");
    assertThat(made.repositoryArn()).isEqualTo(ARN);
    assertThat(made.imageTagMutability()).isEqualTo("MUTABLE");
    assertThatThrownBy(() -> create(CreateRepositoryRequest.builder()))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.code()).isEqualTo("RepositoryAlreadyExistsException"));
  }

  @Test
  void refusesByNameWhatItDoesNotServe() {
    assertThatThrownBy(
            () ->
                create(
                    CreateRepositoryRequest.builder()
                        .encryptionConfiguration(
                            EncryptionConfiguration.builder().encryptionType("KMS").build())))
        .hasMessageContaining("encryptionConfiguration");
    assertThatThrownBy(
            () ->
                create(
                    CreateRepositoryRequest.builder()
                        .imageTagMutability("IMMUTABLE_WITH_EXCLUSION")))
        .hasMessageContaining("imageTagMutabilityExclusionFilters");
  }

  @Test
  void listsRepositoriesInPages() {
    harbor.repository("aa");
    harbor.repository("bb");
    harbor.repository("cc");
    var first =
        harbor.run(
            EcrModel.DESCRIBE_REPOSITORIES,
            DescribeRepositoriesRequest.builder().maxResults(2).build());
    assertThat(first.repositories())
        .extracting(Repository::repositoryName)
        .containsExactly("aa", "bb");
    var second =
        harbor.run(
            EcrModel.DESCRIBE_REPOSITORIES,
            DescribeRepositoriesRequest.builder()
                .maxResults(2)
                .nextToken(first.nextToken())
                .build());
    assertThat(second.repositories()).extracting(Repository::repositoryName).containsExactly("cc");
    assertThat(second.nextToken()).isNull();
    assertThatThrownBy(
            () ->
                harbor.run(
                    EcrModel.DESCRIBE_REPOSITORIES,
                    DescribeRepositoriesRequest.builder().nextToken("x").build()))
        .hasMessageContaining("nextToken");
    assertThatThrownBy(
            () ->
                harbor.run(
                    EcrModel.DESCRIBE_REPOSITORIES,
                    DescribeRepositoriesRequest.builder().repositoryNames(List.of("none")).build()))
        .hasMessage(
            "The repository with name 'none' does not exist in the registry with id"
                + " '123456789012'");
  }

  @Test
  void describesAndDeletesImages() throws Exception {
    create(CreateRepositoryRequest.builder());
    Digest digest = client.image("shop/web", "1", "content");
    client.image("shop/web", "2", "content");
    List<ImageDetail> details =
        harbor
            .run(
                EcrModel.DESCRIBE_IMAGES,
                DescribeImagesRequest.builder().repositoryName("shop/web").build())
            .imageDetails();
    assertThat(details).hasSize(1);
    assertThat(details.getFirst().imageDigest()).isEqualTo(digest.text());
    assertThat(details.getFirst().imageTags()).containsExactly("1", "2");
    assertThat(details.getFirst().imageSizeInBytes()).isEqualTo(9);
    assertThatThrownBy(
            () ->
                harbor.run(
                    EcrModel.DESCRIBE_IMAGES,
                    DescribeImagesRequest.builder()
                        .repositoryName("shop/web")
                        .imageIds(List.of(tag("9")))
                        .build()))
        .hasMessage(
            "The image with imageId {imageDigest:'null', imageTag:'9'} does not exist within the"
                + " repository with name 'shop/web' in the registry with id '123456789012'");
    assertThatThrownBy(
            () ->
                harbor.run(
                    EcrModel.DELETE_REPOSITORY,
                    DeleteRepositoryRequest.builder().repositoryName("shop/web").build()))
        .hasMessageContaining("cannot be deleted because it still contains images");
    var deleted =
        harbor.run(
            EcrModel.BATCH_DELETE_IMAGE,
            BatchDeleteImageRequest.builder()
                .repositoryName("shop/web")
                .imageIds(List.of(tag("1"), tag("9"), tag("2")))
                .build());
    assertThat(deleted.imageIds()).extracting(ImageIdentifier::imageTag).containsExactly("1", "2");
    assertThat(deleted.failures())
        .extracting(ImageFailure::failureCode)
        .containsExactly("ImageNotFound");
    assertThat(client.get("/v2/shop/web/manifests/" + digest).statusCode()).isEqualTo(404);
    harbor.run(
        EcrModel.DELETE_REPOSITORY,
        DeleteRepositoryRequest.builder().repositoryName("shop/web").build());
  }

  @Test
  void givesManifestsAndListsTags() throws Exception {
    create(CreateRepositoryRequest.builder());
    client.image("shop/web", "1", "content");
    var got =
        harbor.run(
            EcrModel.BATCH_GET_IMAGE,
            BatchGetImageRequest.builder()
                .repositoryName("shop/web")
                .imageIds(List.of(tag("1"), tag("2"), ImageIdentifier.builder().build()))
                .build());
    assertThat(got.images()).hasSize(1);
    assertThat(got.images().getFirst().imageManifest())
        .isEqualTo(OciClient.text(client.get("/v2/shop/web/manifests/1")));
    assertThat(got.failures())
        .extracting(ImageFailure::failureCode)
        .containsExactly("ImageNotFound", "MissingDigestAndTag");
    assertThat(
            harbor
                .run(
                    EcrModel.LIST_IMAGES,
                    ListImagesRequest.builder().repositoryName("shop/web").build())
                .imageIds())
        .extracting(ImageIdentifier::imageTag)
        .containsExactly("1");
  }

  @Test
  void freezesTagsButForTheExcluded() throws Exception {
    create(CreateRepositoryRequest.builder());
    harbor.run(
        EcrModel.PUT_IMAGE_TAG_MUTABILITY,
        PutImageTagMutabilityRequest.builder()
            .repositoryName("shop/web")
            .imageTagMutability("IMMUTABLE_WITH_EXCLUSION")
            .imageTagMutabilityExclusionFilters(
                List.of(
                    ImageTagMutabilityExclusionFilter.builder()
                        .filterType("WILDCARD")
                        .filter("dev-*")
                        .build()))
            .build());
    client.image("shop/web", "1", "a");
    client.image("shop/web", "dev-1", "a");
    client.image("shop/web", "other", "b");
    byte[] b = client.get("/v2/shop/web/manifests/other").body();
    assertThat(client.putManifest("shop/web", "1", b).statusCode()).isEqualTo(400);
    assertThat(client.putManifest("shop/web", "dev-1", b).statusCode()).isEqualTo(201);
  }

  @Test
  void keepsTags() {
    create(
        CreateRepositoryRequest.builder()
            .tags(List.of(Tag.builder().key("environment").value("dev").build())));
    harbor.run(
        EcrModel.TAG_RESOURCE,
        TagResourceRequest.builder()
            .resourceArn(ARN)
            .tags(List.of(Tag.builder().key("owner").value("mate").build()))
            .build());
    harbor.run(
        EcrModel.UNTAG_RESOURCE,
        UntagResourceRequest.builder().resourceArn(ARN).tagKeys(List.of("environment")).build());
    assertThat(
            harbor
                .run(
                    EcrModel.LIST_TAGS_FOR_RESOURCE,
                    ListTagsForResourceRequest.builder().resourceArn(ARN).build())
                .tags())
        .extracting(Tag::key)
        .containsExactly("owner");
  }

  @Test
  void resolvesReferencesToImagesThatExist() throws Exception {
    create(CreateRepositoryRequest.builder());
    Digest digest = client.image("shop/web", "1", "content");
    var own =
        (ImageReference.Own)
            harbor
                .registry()
                .parse(
                    "localhost"
                        + harbor.authority().substring("127.0.0.1".length())
                        + "/shop/web:1",
                    RegistryHarbor.ACCOUNT,
                    RegistryHarbor.REGION);
    assertThat(resolved(own)).contains(digest);
    assertThat(resolved(own.at(Digest.of(new byte[] {9})))).isEmpty();
    assertThat(harbor.registry().pullName(own, digest))
        .isEqualTo(harbor.authority() + "/123456789012/shop/web@" + digest);
  }

  private Optional<Digest> resolved(ImageReference.Own own) {
    return harbor.state().read(view -> harbor.registry().resolve(view, own));
  }

  @Test
  void collectsWhatNoImageUses() throws Exception {
    create(CreateRepositoryRequest.builder());
    client.image("shop/web", "1", "content");
    client.image("shop/web", "2", "gone");
    harbor.run(
        EcrModel.BATCH_DELETE_IMAGE,
        BatchDeleteImageRequest.builder()
            .repositoryName("shop/web")
            .imageIds(List.of(tag("2")))
            .build());
    assertThat(harbor.registry().collector().collect(harbor.now())).isZero();
    harbor.advance(Duration.ofDays(3650));
    assertThat(harbor.registry().collector().collect(harbor.now())).isEqualTo(1);
    Digest layer = Digest.of("content".getBytes(StandardCharsets.UTF_8));
    assertThat(FileBlobStore.open(root).open(layer)).isPresent().get().satisfies(Blob::close);
    harbor.run(
        EcrModel.DELETE_REPOSITORY,
        DeleteRepositoryRequest.builder().repositoryName("shop/web").force(true).build());
    assertThat(harbor.registry().collector().collect(harbor.now())).isEqualTo(2);
    assertThat(FileBlobStore.open(root).all()).isEmpty();
  }
}
