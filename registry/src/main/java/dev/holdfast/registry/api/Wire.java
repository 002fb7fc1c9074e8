// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.ecr.EncryptionConfiguration;
import dev.holdfast.aws.ecr.ImageDetail;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.aws.ecr.ImageScanningConfiguration;
import dev.holdfast.aws.ecr.ImageTagMutabilityExclusionFilter;
import dev.holdfast.aws.ecr.Tag;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Call;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State records as ECR's shapes. */
final class Wire {
  static final ImageScanningConfiguration NOT_SCANNED =
      ImageScanningConfiguration.builder().scanOnPush(false).build();

  private Wire() {}

  static dev.holdfast.aws.ecr.Repository repository(
      Call call, Endpoint endpoint, RepositoryId id, Repository repository) {
    // An account's own repositories need no account in their name; another's do.
    String path = id.account().equals(call.account()) ? id.name() : id.account() + "/" + id.name();
    return dev.holdfast.aws.ecr.Repository.builder()
        .repositoryArn(id.arn().toString())
        .registryId(id.account().digits())
        .repositoryName(id.name())
        .repositoryUri(endpoint.registry() + "/" + path)
        .createdAt(repository.createdAt())
        .imageTagMutability(repository.mutability().name())
        .imageTagMutabilityExclusionFilters(filters(repository))
        .imageScanningConfiguration(NOT_SCANNED)
        .encryptionConfiguration(EncryptionConfiguration.builder().encryptionType("AES256").build())
        .build();
  }

  /** Absent where there is none, as AWS does. */
  static @Nullable List<ImageTagMutabilityExclusionFilter> filters(Repository repository) {
    return repository.exclusions().isEmpty()
        ? null
        : repository.exclusions().stream()
            .map(
                filter ->
                    ImageTagMutabilityExclusionFilter.builder()
                        .filterType("WILDCARD")
                        .filter(filter)
                        .build())
            .toList();
  }

  static ImageDetail detail(RepositoryId id, Image image, List<String> tags) {
    return ImageDetail.builder()
        .registryId(id.account().digits())
        .repositoryName(id.name())
        .imageDigest(image.digest().text())
        .imageTags(tags.isEmpty() ? null : tags)
        .imageSizeInBytes(image.size())
        .imagePushedAt(image.pushedAt())
        .imageManifestMediaType(image.mediaType())
        .artifactMediaType(image.artifactType())
        .subjectManifestDigest(image.subject() == null ? null : image.subject().text())
        .imageStatus("ACTIVE")
        .build();
  }

  static ImageIdentifier identifier(Image image, @Nullable String tag) {
    return ImageIdentifier.builder().imageDigest(image.digest().text()).imageTag(tag).build();
  }

  static Map<String, String> tags(List<Tag> tags) {
    return Tags.map(tags, Tag::key, Tag::value);
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
