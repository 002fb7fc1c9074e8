// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddClientIDToOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.CreateOpenIDConnectProviderResponse;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.GetOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.GetOpenIDConnectProviderResponse;
import dev.holdfast.aws.iam.ListOpenIDConnectProviderTagsRequest;
import dev.holdfast.aws.iam.ListOpenIDConnectProviderTagsResponse;
import dev.holdfast.aws.iam.ListOpenIDConnectProvidersRequest;
import dev.holdfast.aws.iam.ListOpenIDConnectProvidersResponse;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.RemoveClientIDFromOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.UntagOpenIDConnectProviderRequest;
import dev.holdfast.aws.iam.UpdateOpenIDConnectProviderThumbprintRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The life of OpenID Connect providers. */
class OidcProviderTest {
  private static final String PRINT = FakeSites.THUMBPRINT;

  private final Fixture f = new Fixture();

  private String create(String url, String... clients) {
    return create(
        CreateOpenIDConnectProviderRequest.builder()
            .url(url)
            .clientIDList(List.of(clients))
            .thumbprintList(List.of(PRINT))
            .build());
  }

  private String create(CreateOpenIDConnectProviderRequest request) {
    return Objects.requireNonNull(
        f.call(f.administrator(), request, CreateOpenIDConnectProviderResponse.class)
            .openIDConnectProviderArn());
  }

  private GetOpenIDConnectProviderResponse get(String arn) {
    return f.call(
        f.administrator(),
        GetOpenIDConnectProviderRequest.builder().openIDConnectProviderArn(arn).build(),
        GetOpenIDConnectProviderResponse.class);
  }

  private void call(Shape input) {
    var _ = f.call(f.administrator(), input);
  }

  private static void refused(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  @Test
  void isNamedByItsUrlAndShownWithoutTheScheme() {
    String arn = create("https://issuer.test/realms/Shop", "one");
    assertThat(arn)
        .isEqualTo("arn:aws:iam::" + f.account + ":oidc-provider/issuer.test/realms/Shop");
    GetOpenIDConnectProviderResponse shown = get(arn);
    assertThat(shown.url()).isEqualTo("issuer.test/realms/Shop");
    assertThat(shown.clientIDList()).containsExactly("one");
    assertThat(shown.thumbprintList()).containsExactly(PRINT);
    assertThat(shown.createDate()).isEqualTo(f.now);
    assertThat(
            f.call(
                    f.administrator(),
                    ListOpenIDConnectProvidersRequest.builder().build(),
                    ListOpenIDConnectProvidersResponse.class)
                .openIDConnectProviderList())
        .singleElement()
        .satisfies(entry -> assertThat(entry.arn()).isEqualTo(arn));
  }

  @Test
  void thereIsOneForEachUrlAsItIsWritten() {
    create("https://issuer.test");
    refused(
        "EntityAlreadyExists",
        "Provider with url https://issuer.test already exists.",
        () -> create("https://issuer.test"));
    create("https://issuer.test/");
  }

  @Test
  void takesNoUrlThatTokensCannotHave() {
    for (String url :
        List.of(
            "http://issuer.test",
            "https://issuer.test:8443",
            "https://issuer.test?a=b",
            "https://10.0.0.1",
            "https://localhost",
            "issuer.test")) {
      refused("InvalidInput", "Invalid Open ID Connect Provider URL", () -> create(url));
    }
  }

  @Test
  void clientsComeAndGo() {
    String arn = create("https://issuer.test", "one");
    call(
        AddClientIDToOpenIDConnectProviderRequest.builder()
            .openIDConnectProviderArn(arn)
            .clientID("two")
            .build());
    call(
        AddClientIDToOpenIDConnectProviderRequest.builder()
            .openIDConnectProviderArn(arn)
            .clientID("two")
            .build());
    assertThat(get(arn).clientIDList()).containsExactly("one", "two");
    for (String client : List.of("one", "absent")) {
      call(
          RemoveClientIDFromOpenIDConnectProviderRequest.builder()
              .openIDConnectProviderArn(arn)
              .clientID(client)
              .build());
    }
    assertThat(get(arn).clientIDList()).containsExactly("two");
  }

  @Test
  void thereAreAHundredClientsAtMost() {
    String[] clients = new String[100];
    for (int i = 0; i < clients.length; i++) {
      clients[i] = "client" + i;
    }
    String arn = create("https://issuer.test", clients);
    refused(
        "LimitExceeded",
        "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
        () ->
            call(
                AddClientIDToOpenIDConnectProviderRequest.builder()
                    .openIDConnectProviderArn(arn)
                    .clientID("more")
                    .build()));
  }

  @Test
  void thereAreAHundredProvidersAtMost() {
    for (int i = 0; i < 100; i++) {
      create("https://issuer" + i + ".test");
    }
    refused(
        "LimitExceeded",
        "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100",
        () -> create("https://more.test"));
  }

  @Test
  void thumbprintsAreReplacedAndBounded() {
    String arn = create("https://issuer.test");
    String other = "f".repeat(40);
    call(thumbprints(arn, List.of(other.toUpperCase(Locale.ROOT))));
    assertThat(get(arn).thumbprintList()).containsExactly(other);
    refused(
        "InvalidInput",
        "Thumbprint list must contain fewer than 5 entries.",
        () -> call(thumbprints(arn, Collections.nCopies(6, other))));
    refused("InvalidInput", "40 hex digits", () -> call(thumbprints(arn, List.of("g".repeat(40)))));
    refused("InvalidInput", "at least one", () -> call(thumbprints(arn, List.of())));
    assertThat(get(arn).thumbprintList()).containsExactly(other);
  }

  private static Shape thumbprints(String arn, List<String> prints) {
    return UpdateOpenIDConnectProviderThumbprintRequest.builder()
        .openIDConnectProviderArn(arn)
        .thumbprintList(prints)
        .build();
  }

  @Test
  void theSiteIsAskedForAThumbprintWhereNoneIsGiven() {
    var request = CreateOpenIDConnectProviderRequest.builder().url("https://issuer.test").build();
    refused("OpenIdIdpCommunicationError", "https://issuer.test", () -> call(request));
    f.sites.publish("https://issuer.test", new byte[0]);
    String arn = create(request);
    assertThat(get(arn).thumbprintList()).containsExactly(PRINT);
  }

  @Test
  void tagsAreItsOwnAndGoWithIt() {
    String arn = create("https://issuer.test");
    Tag tag = Tag.builder().key("team").value("blue").build();
    call(
        TagOpenIDConnectProviderRequest.builder()
            .openIDConnectProviderArn(arn)
            .tags(List.of(tag))
            .build());
    assertThat(get(arn).tags()).containsExactly(tag);
    assertThat(tags(arn)).containsExactly(tag);
    call(
        UntagOpenIDConnectProviderRequest.builder()
            .openIDConnectProviderArn(arn)
            .tagKeys(List.of("team"))
            .build());
    assertThat(tags(arn)).isEmpty();
  }

  private List<Tag> tags(String arn) {
    return f.call(
            f.administrator(),
            ListOpenIDConnectProviderTagsRequest.builder().openIDConnectProviderArn(arn).build(),
            ListOpenIDConnectProviderTagsResponse.class)
        .tags();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String arn = create("https://issuer.test");
    for (int i = 0; i < 2; i++) { // the second time is no error
      call(DeleteOpenIDConnectProviderRequest.builder().openIDConnectProviderArn(arn).build());
    }
    for (ThrowingCallable late :
        List.<ThrowingCallable>of(
            () -> get(arn), () -> tags(arn), () -> call(thumbprints(arn, List.of(PRINT))))) {
      refused("NoSuchEntity", "OpenIDConnect Provider not found for arn " + arn, late);
    }
    refused(
        "ValidationError", "Invalid ARN", () -> get("arn:aws:iam::" + f.account + ":user/x/y/z"));
  }

  /** What was judged is what goes: another spelling of an ARN is no way around a Deny. */
  @Test
  void isDeletedByItsOwnArnAlone() {
    String arn = create("https://issuer.test");
    Principal keeper = allowedAllBut("iam:DeleteOpenIDConnectProvider", arn);
    refused("AccessDenied", "with an explicit deny", () -> f.call(keeper, delete(arn)));
    for (String odd :
        List.of(
            arn.replace("arn:aws:iam::", "arn:aws:iam:eu-west-1:"),
            arn.replace("arn:aws:", "arn:aws-cn:"))) {
      refused("ValidationError", "Invalid ARN", () -> f.call(keeper, delete(odd)));
    }
    f.call(keeper, delete(arn + "/"));
    assertThat(get(arn).url()).isEqualTo("issuer.test");
    f.call(f.administrator(), delete(arn));
    refused("NoSuchEntity", "not found", () -> get(arn));
  }

  private static Shape delete(String arn) {
    return DeleteOpenIDConnectProviderRequest.builder().openIDConnectProviderArn(arn).build();
  }

  private Principal allowedAllBut(String action, String resource) {
    call(CreateUserRequest.builder().userName("ann").build());
    call(
        PutUserPolicyRequest.builder()
            .userName("ann")
            .policyName("p")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":"*","Resource":"*"},
                 {"Effect":"Deny","Action":"%s","Resource":"%s"}]}
                """
                    .formatted(action, resource))
            .build());
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName("ann").build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }
}
