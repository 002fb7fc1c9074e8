// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, and what is an answer. */
class ImagePullTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Get \"http://127.0.0.1:4566/v2/\": dial tcp 127.0.0.1:4566: connect: connection refused",
        "Head \"http://127.0.0.1:4566/v2/web/manifests/1\": EOF",
        "read tcp 127.0.0.1:1->127.0.0.1:4566: read: connection reset by peer",
        "received unexpected HTTP status: 503 Service Unavailable",
        "toomanyrequests: Rate exceeded",
        "failed to register layer: layer does not exist"
      })
  void faultsOnTheWayPass(String fault) {
    assertThat(ImagePull.passing(fault)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "manifest for 127.0.0.1:4566/web:1 not found: manifest unknown",
        "pull access denied for web, repository does not exist or may require 'docker login'",
        "unauthorized: authentication required",
        "denied: User is not authorized to perform: ecr:BatchGetImage",
        "no space left on device"
      })
  void answersHold(String fault) {
    assertThat(ImagePull.passing(fault)).isFalse();
  }
}
