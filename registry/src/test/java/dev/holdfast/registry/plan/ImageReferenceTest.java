// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.model.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final AccountId CALLER = new AccountId("111111111111");
  private static final Region REGION = new Region("eu-west-1");
  private static final Digest DIGEST = Digest.of(new byte[0]);

  private static ImageReference parse(String image) {
    return ImageReference.parse(image, "127.0.0.1:4566", CALLER, REGION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:4566/shop/web:1", "localhost:4566/shop/web:1"})
  void namesTheCallersRepositoryByTheEndpoint(String image) {
    assertThat(parse(image))
        .isEqualTo(new ImageReference.Own(CALLER, REGION, "shop/web", "1", null));
  }

  @Test
  void takesTwelveDigitsForAnAccount() {
    assertThat(parse("127.0.0.1:4566/222222222222/shop/web"))
        .isEqualTo(
            new ImageReference.Own(
                new AccountId("222222222222"), REGION, "shop/web", "latest", null));
  }

  @Test
  void understandsTheFormOfAwsWithoutDns() {
    assertThat(parse("333333333333.dkr.ecr.us-east-2.amazonaws.com/web@" + DIGEST))
        .isEqualTo(
            new ImageReference.Own(
                new AccountId("333333333333"), new Region("us-east-2"), "web", null, DIGEST));
  }

  @Test
  void keepsBothTagAndDigest() {
    assertThat(parse("127.0.0.1:4566/shop/web:1@" + DIGEST))
        .isEqualTo(new ImageReference.Own(CALLER, REGION, "shop/web", "1", DIGEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"busybox", "library/nginx:1", "127.0.0.1:5000/web", "docker.io/library/web:1"})
  void leavesOtherRegistriesAlone(String image) {
    assertThat(parse(image)).isEqualTo(new ImageReference.Foreign(image));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:4566/Shop",
        "127.0.0.1:4566/shop:-",
        "127.0.0.1:4566/shop@sha256:1",
        "127.0.0.1:4566/",
        "127.0.0.1:4566/a/../../etc"
      })
  void refusesFormsThatTheRegistryDoesNotHave(String image) {
    assertThat(parse(image)).isInstanceOf(ImageReference.Malformed.class);
  }

  @Test
  void refusesWhatNamesNoImageAtAll() {
    for (String text :
        java.util.List.of(
            "http://127.0.0.1:4566/a:1",
            "../containers/json?a=",
            "../containers/x",
            "a/../b",
            "a b",
            "A/B",
            "a\r\nb")) {
      assertThat(parse(text)).isInstanceOf(ImageReference.Malformed.class);
    }
  }
}
