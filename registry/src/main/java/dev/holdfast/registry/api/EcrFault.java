// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecr.EcrError;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.aws.ecr.ImageScanningConfiguration;
import dev.holdfast.kit.AccountId;
import dev.holdfast.registry.model.RegistryPolicy;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Call;
import dev.holdfast.service.Tags;
import dev.holdfast.store.View;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ECR's errors in AWS's words, and the checks that throw them. */
final class EcrFault {
  private EcrFault() {}

  /** The repository that a request names. */
  static RepositoryId target(Call call, @Nullable String registryId, String name) {
    return new RepositoryId(
        registryId == null
            ? call.account()
            : AccountId.parse(registryId)
                .orElseThrow(() -> invalid("registryId", "an account id has 12 digits")),
        call.region(),
        name);
  }

  /** The repository that an ARN names, in the region that is called. */
  static RepositoryId target(Call call, String arn) {
    return RepositoryId.parse(arn)
        .filter(id -> id.region().equals(call.region()))
        .orElseThrow(() -> invalid("resourceArn", "Invalid ARN: `" + arn + "`"));
  }

  static Repository require(View view, RepositoryId id) {
    Repository found = view.get(RegistryTables.REPOSITORIES, id.account(), id);
    if (found == null) {
      throw EcrError.REPOSITORY_NOT_FOUND.because(
          "The repository with name '%s' does not exist in the registry with id '%s'",
          id.name(), id.account());
    }
    return found;
  }

  /** The lifecycle policy of a repository. */
  static Repository.Lifecycle lifecycle(View view, RepositoryId id) {
    Repository.Lifecycle lifecycle = require(view, id).lifecycle();
    if (lifecycle == null) {
      throw EcrError.LIFECYCLE_POLICY_NOT_FOUND.because(
          "Lifecycle policy does not exist for the repository with name '%s' in the registry with"
              + " id '%s'",
          id.name(), id.account());
    }
    return lifecycle;
  }

  /** The text of a repository's own policy. */
  static String policy(View view, RepositoryId id) {
    String policy = require(view, id).policy();
    if (policy == null) {
      throw EcrError.REPOSITORY_POLICY_NOT_FOUND.because(
          "Repository policy does not exist for the repository with name '%s' in the registry with"
              + " id '%s'",
          id.name(), id.account());
    }
    return policy;
  }

  /** The policy of the caller's registry. */
  static RegistryPolicy registryPolicy(View view, Call call) {
    RegistryPolicy policy = view.get(RegistryTables.POLICIES, call.account(), call.region());
    if (policy == null) {
      throw EcrError.REGISTRY_POLICY_NOT_FOUND.because(
          "Registry policy does not exist in the registry with id '%s'", call.account());
    }
    return policy;
  }

  static void refuseScanning(@Nullable ImageScanningConfiguration scanning) {
    if (scanning != null && Boolean.TRUE.equals(scanning.scanOnPush())) {
      throw invalid(
          "imageScanningConfiguration",
          "scanning of images is not served yet: leave it out, or use scanOnPush=false");
    }
  }

  static ApiError imageNotFound(RepositoryId id, ImageIdentifier image) {
    return EcrError.IMAGE_NOT_FOUND.because(
        "The image with imageId {imageDigest:'%s', imageTag:'%s'} does not exist within the"
            + " repository with name '%s' in the registry with id '%s'",
        String.valueOf(image.imageDigest()),
        String.valueOf(image.imageTag()),
        id.name(),
        id.account());
  }

  static ApiError invalid(String parameter, String constraint) {
    return EcrError.INVALID_PARAMETER.because(
        "Invalid parameter at '%s' failed to satisfy constraint: '%s'", parameter, constraint);
  }

  /** The answer to a policy that names somebody who is not there. */
  static ApiError noPrincipal() {
    return invalid("PolicyText", "Principal not found");
  }

  static ApiError invalidNextToken() {
    return invalid("nextToken", "Invalid nextToken");
  }

  /** Checks the tags that a request gives. */
  static void checkTags(Map<String, String> given) {
    if (given.size() > Tags.MAX) {
      throw tooManyTags();
    }
    Optional<String> fault = Tags.fault(given);
    if (fault.isPresent()) {
      throw EcrError.INVALID_TAG_PARAMETER.because("%s", fault.get());
    }
  }

  static ApiError tooManyTags() {
    return EcrError.TOO_MANY_TAGS.because(
        "The list of tags on the repository is over the limit. The maximum number of tags that can"
            + " be applied to a repository is %d.",
        Tags.MAX);
  }
}
