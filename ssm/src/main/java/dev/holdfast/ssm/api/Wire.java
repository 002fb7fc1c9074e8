// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ssm.Parameter;
import dev.holdfast.aws.ssm.ParameterHistory;
import dev.holdfast.aws.ssm.ParameterMetadata;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.Tag;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State as Parameter Store shows it, and the errors that several operations share. */
final class Wire {
  static final String TEXT = "text";

  private Wire() {}

  static Parameter parameter(StoredParameter parameter, String value, @Nullable Selector selector) {
    return Parameter.builder()
        .name(parameter.name())
        .type(parameter.type().wire())
        .value(value)
        .version(parameter.version())
        .selector(selector == null || selector.suffix() == null ? null : ":" + selector.suffix())
        .lastModifiedDate(parameter.modified())
        .arn(parameter.arn().toString())
        .dataType(TEXT)
        .build();
  }

  static ParameterMetadata metadata(StoredParameter parameter) {
    return ParameterMetadata.builder()
        .name(parameter.name())
        .arn(parameter.arn().toString())
        .type(parameter.type().wire())
        .keyId(parameter.keyId())
        .lastModifiedDate(parameter.modified())
        .lastModifiedUser(parameter.modifiedBy())
        .description(parameter.description())
        .allowedPattern(parameter.allowedPattern())
        .version(parameter.version())
        .tier(parameter.tier().wire())
        .policies(List.of())
        .dataType(TEXT)
        .build();
  }

  /**
   * A version as histories show it.
   *
   * @param labels the version's
   */
  static ParameterHistory history(StoredParameter parameter, String value, List<String> labels) {
    return ParameterHistory.builder()
        .name(parameter.name())
        .type(parameter.type().wire())
        .keyId(parameter.keyId())
        .lastModifiedDate(parameter.modified())
        .lastModifiedUser(parameter.modifiedBy())
        .description(parameter.description())
        .value(value)
        .allowedPattern(parameter.allowedPattern())
        .version(parameter.version())
        .labels(labels)
        .tier(parameter.tier().wire())
        .policies(List.of())
        .dataType(TEXT)
        .build();
  }

  static Map<String, String> tags(List<Tag> tags) {
    return Tags.map(tags, Tag::key, Tag::value);
  }

  /** Refuses tags that no resource may have. */
  static void requireTags(Map<String, String> given) {
    Tags.fault(given)
        .ifPresent(
            fault -> {
              throw invalid(fault);
            });
  }

  static ApiError invalid(String text) {
    return new ApiError(CommonError.VALIDATION.in(Protocol.JSON), text);
  }

  static ApiError invalidToken() {
    return SsmError.INVALID_NEXT_TOKEN.because("the token is not one of this listing");
  }

  static ApiError tooManyTags() {
    return SsmError.TOO_MANY_TAGS.because("a parameter has at most %d tags", Tags.MAX);
  }

  /** Refuses taggable things that are not parameters. */
  static void requireParameter(String resourceType) {
    if (!resourceType.equals("Parameter")) {
      throw SsmError.INVALID_RESOURCE_TYPE.because(
          "the resource type %s is not served; tags are of ResourceType Parameter", resourceType);
    }
  }

  static ApiError invalidResource(String id) {
    return SsmError.INVALID_RESOURCE_ID.because("The resource ID \"%s\" is not valid.", id);
  }
}
