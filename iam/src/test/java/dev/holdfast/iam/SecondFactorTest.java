// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.CreateVirtualMFADeviceRequest;
import dev.holdfast.aws.iam.CreateVirtualMFADeviceResponse;
import dev.holdfast.aws.iam.DeactivateMFADeviceRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.DeleteVirtualMFADeviceRequest;
import dev.holdfast.aws.iam.EnableMFADeviceRequest;
import dev.holdfast.aws.iam.GenerateCredentialReportResponse;
import dev.holdfast.aws.iam.GetAccountSummaryResponse;
import dev.holdfast.aws.iam.GetCredentialReportResponse;
import dev.holdfast.aws.iam.GetMFADeviceRequest;
import dev.holdfast.aws.iam.GetMFADeviceResponse;
import dev.holdfast.aws.iam.ListMFADevicesRequest;
import dev.holdfast.aws.iam.ListMFADevicesResponse;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.ListVirtualMFADevicesRequest;
import dev.holdfast.aws.iam.ListVirtualMFADevicesResponse;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.ResyncMFADeviceRequest;
import dev.holdfast.aws.iam.UpdateUserRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.GetAccessKeyInfoRequest;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.GetSessionTokenResponse;
import dev.holdfast.iam.model.Guesses;
import dev.holdfast.iam.plan.Base32;
import dev.holdfast.iam.plan.Totp;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Devices of multi-factor authentication, and the sessions that they open. */
final class SecondFactorTest {
  private static final String WRONG =
      "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ";

  private final Fixture f = new Fixture();
  private final Phone phone = phone("administrator");
  private final Principal admin = f.administrator();

  /** What somebody has who was given the key of a device. */
  private record Phone(String serial, String seed) {}

  private Phone phone(String name) {
    var made =
        f.call(
                f.administrator(),
                CreateVirtualMFADeviceRequest.builder().virtualMFADeviceName(name).build(),
                CreateVirtualMFADeviceResponse.class)
            .virtualMFADevice();
    String seed =
        new String(Objects.requireNonNull(made.base32StringSeed()), StandardCharsets.UTF_8);
    assertThat(seed).matches("[A-Z2-7]{64}");
    return new Phone(made.serialNumber(), seed);
  }

  /** The code that a phone shows some steps from now. */
  private String code(Phone device, int steps) {
    return Totp.code(Base32.decode(device.seed()), Totp.step(f.now) + steps);
  }

  private void enable(Phone device, String user) {
    f.call(f.administrator(), enabling(device, user, code(device, -1), code(device, 0)));
    f.pass(Duration.ofSeconds(30));
  }

  private static EnableMFADeviceRequest enabling(
      Phone device, String user, String one, String two) {
    return EnableMFADeviceRequest.builder()
        .userName(user)
        .serialNumber(device.serial())
        .authenticationCode1(one)
        .authenticationCode2(two)
        .build();
  }

  private static GetSessionTokenRequest session(@Nullable String serial, @Nullable String code) {
    return GetSessionTokenRequest.builder().serialNumber(serial).tokenCode(code).build();
  }

  private Principal open(Phone device, String code) {
    return principal(
        Objects.requireNonNull(
            f.call(admin, session(device.serial(), code), GetSessionTokenResponse.class)
                .credentials()));
  }

  private Principal principal(dev.holdfast.aws.sts.Credentials keys) {
    return f.principal(
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private void refused(String why, Principal by, Shape request) {
    assertThatThrownBy(() -> f.call(by, request))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code() + ": " + e.text()).startsWith(why));
  }

  private String arn(String role) {
    return "arn:aws:iam::" + f.account + ":role/" + role;
  }

  private void role(String name, String condition) {
    f.call(
        admin,
        CreateRoleRequest.builder()
            .roleName(name)
            .assumeRolePolicyDocument(
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},\
                "Action":"sts:AssumeRole"%s}]}\
                """
                    .formatted(f.account, condition))
            .build());
  }

  private static final String PRESENT =
      ",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"},"
          + "\"NumericLessThan\":{\"aws:MultiFactorAuthAge\":\"60\"}}";

  private AssumeRoleRequest taking(String role, @Nullable String code) {
    return AssumeRoleRequest.builder()
        .roleArn(arn(role))
        .roleSessionName("s")
        .serialNumber(code == null ? null : phone.serial())
        .tokenCode(code)
        .build();
  }

  @Test
  void aDeviceIsShownToItsUserAndInTheAccount() {
    var virtual =
        f.call(
            admin,
            ListVirtualMFADevicesRequest.builder().build(),
            ListVirtualMFADevicesResponse.class);
    assertThat(virtual.virtualMFADevices())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.serialNumber())
                  .isEqualTo("arn:aws:iam::" + f.account + ":mfa/administrator");
              assertThat(d.user()).isNull();
              assertThat(d.base32StringSeed()).isNull();
              assertThat(d.qrCodePNG()).isNull();
            });
    assertThat(counted("MFADevices")).isEqualTo(1);
    assertThat(counted("MFADevicesInUse")).isZero();
    enable(phone, "administrator");
    f.named("GenerateCredentialReport", GenerateCredentialReportResponse.class);
    byte[] report =
        Objects.requireNonNull(
            f.named("GetCredentialReport", GetCredentialReportResponse.class).content());
    assertThat(new String(report, StandardCharsets.UTF_8))
        .containsPattern("(?m)^administrator,[^,]+,[^,]+,false,N/A,N/A,N/A,true,");
    assertThat(counted("MFADevicesInUse")).isEqualTo(1);
    assertThat(counted("AccountMFAEnabled")).as("that is root's").isZero();
    assertThat(assigned("Assigned")).isEqualTo(1);
    assertThat(assigned("Unassigned")).isZero();
    assertThat(
            f.call(admin, ListMFADevicesRequest.builder().build(), ListMFADevicesResponse.class)
                .mfaDevices())
        .singleElement()
        .satisfies(d -> assertThat(d.userName()).isEqualTo("administrator"));
    assertThat(
            f.call(
                    admin,
                    GetMFADeviceRequest.builder().serialNumber(phone.serial()).build(),
                    GetMFADeviceResponse.class)
                .enableDate())
        .isNotNull();
  }

  private int counted(String name) {
    return Objects.requireNonNull(
        f.named("GetAccountSummary", GetAccountSummaryResponse.class).summaryMap().get(name));
  }

  private int assigned(String status) {
    return f.call(
            admin,
            ListVirtualMFADevicesRequest.builder().assignmentStatus(status).build(),
            ListVirtualMFADevicesResponse.class)
        .virtualMFADevices()
        .size();
  }

  @Test
  void enablingTakesTwoRightCodesOfAFreeDevice() {
    refused(
        "InvalidAuthenticationCode: Authentication code for device is not valid.",
        admin,
        enabling(phone, "administrator", code(phone, 0), code(phone, 0)));
    refused(
        "NoSuchEntity: The user with name nobody cannot be found.",
        admin,
        enabling(phone, "nobody", code(phone, -1), code(phone, 0)));
    var absent = new Phone(phone.serial() + "-other", phone.seed());
    refused(
        "NoSuchEntity: VirtualMFADevice with serial number " + absent.serial() + " doesn't exist.",
        admin,
        enabling(absent, "administrator", code(phone, -1), code(phone, 0)));
    enable(phone, "administrator");
    refused(
        "EntityAlreadyExists: ",
        admin,
        enabling(phone, "administrator", code(phone, 0), code(phone, 1)));
    refused(
        "EntityAlreadyExists: MFADevice entity at the same path and name already exists.",
        admin,
        CreateVirtualMFADeviceRequest.builder().virtualMFADeviceName("administrator").build());
  }

  @Test
  void aUserHasEightDevicesAtMost() {
    enable(phone, "administrator");
    for (int i = 2; i <= 8; i++) {
      enable(phone("p" + i), "administrator");
    }
    Phone ninth = phone("p9");
    refused(
        "LimitExceeded: Cannot exceed quota for MFADevicesPerUser: 8",
        admin,
        enabling(ninth, "administrator", code(ninth, -1), code(ninth, 0)));
    assertThat(open(phone, code(phone, 0)).session()).isNotNull();
  }

  @Test
  void whatIsInUseIsNotDeleted() {
    f.call(admin, CreateUserRequest.builder().userName("ann").build());
    enable(phone, "ann");
    var delete = DeleteVirtualMFADeviceRequest.builder().serialNumber(phone.serial()).build();
    refused("DeleteConflict: MFA VirtualDevice in use. Must deactivate first.", admin, delete);
    refused(
        "DeleteConflict: Cannot delete entity, must delete MFA device first.",
        admin,
        DeleteUserRequest.builder().userName("ann").build());
    refused(
        "NoSuchEntity: ",
        admin,
        DeactivateMFADeviceRequest.builder()
            .userName("administrator")
            .serialNumber(phone.serial())
            .build());
    f.call(admin, UpdateUserRequest.builder().userName("ann").newUserName("eve").build());
    f.call(
        admin,
        DeactivateMFADeviceRequest.builder().userName("eve").serialNumber(phone.serial()).build());
    f.call(admin, delete);
    f.call(admin, DeleteUserRequest.builder().userName("eve").build());
    refused("NoSuchEntity: VirtualMFADevice with serial number ", admin, delete);
  }

  @Test
  void aSessionWithACodeTellsOfItAndItsAge() {
    enable(phone, "administrator");
    f.call(
        admin,
        PutUserPolicyRequest.builder()
            .userName("administrator")
            .policyName("factor")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[
                {"Effect":"Deny","Action":"ecs:*","Resource":"*",
                "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}},
                {"Effect":"Deny","Action":"ecs:*","Resource":"*",
                "Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"600"}}}]}""")
            .build());
    Principal bare =
        principal(
            Objects.requireNonNull(
                f.call(admin, session(null, null), GetSessionTokenResponse.class).credentials()));
    Principal strong = open(phone, code(phone, 0));
    f.require(strong, Demand.on("ecs:ListClusters"));
    for (Principal weak : new Principal[] {bare, admin}) {
      assertThatThrownBy(() -> f.require(weak, Demand.on("ecs:ListClusters")))
          .isInstanceOf(ApiError.class);
    }
    f.pass(Duration.ofSeconds(601));
    assertThatThrownBy(() -> f.require(strong, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void aUsersSessionCallsIamWithACodeAloneAndOfStsWhatTakesARole() {
    enable(phone, "administrator");
    role("plain", "");
    Principal bare =
        principal(
            Objects.requireNonNull(
                f.call(admin, session(null, null), GetSessionTokenResponse.class).credentials()));
    Principal strong = open(phone, code(phone, 0));
    var users = ListUsersRequest.builder().build();
    refused(
        "InvalidClientTokenId: The security token included in the request is invalid", bare, users);
    f.call(strong, users);
    for (Principal either : new Principal[] {bare, strong}) {
      f.call(either, taking("plain", null));
      refused(
          "AccessDenied: Cannot call GetSessionToken with session credentials",
          either,
          session(null, null));
      refused(
          "AccessDenied: Cannot call GetAccessKeyInfo with session credentials",
          either,
          GetAccessKeyInfoRequest.builder().accessKeyId("AKIAAAAAAAAAAAAAAAAA").build());
    }
  }

  @Test
  void aCodeOpensOneSession() {
    enable(phone, "administrator");
    String code = code(phone, 0);
    open(phone, code);
    refused(WRONG, admin, session(phone.serial(), code));
    role("strict", PRESENT);
    refused(WRONG, admin, taking("strict", code));
    f.pass(Duration.ofSeconds(30));
    refused(WRONG, admin, session(phone.serial(), code));
    open(phone, code(phone, 0));
  }

  @Test
  void theCodesThatEnabledADeviceOpenNothing() {
    String one = code(phone, -1);
    String two = code(phone, 0);
    f.call(admin, enabling(phone, "administrator", one, two));
    refused(WRONG, admin, session(phone.serial(), two));
    refused(WRONG, admin, session(phone.serial(), one));
    open(phone, code(phone, 1));
  }

  @Test
  void neitherHalfIsEnough() {
    enable(phone, "administrator");
    String both =
        "AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and"
            + " one time pass code. ";
    refused(both, admin, session(phone.serial(), null));
    refused(both, admin, session(null, code(phone, 0)));
    role("plain", "");
    refused(
        both,
        admin,
        AssumeRoleRequest.builder()
            .roleArn(arn("plain"))
            .roleSessionName("s")
            .serialNumber(phone.serial())
            .build());
  }

  @Test
  void aDeviceServesItsUserAlone() {
    f.call(admin, CreateUserRequest.builder().userName("ann").build());
    enable(phone, "ann");
    String invalid =
        "AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify"
            + " your MFA serial number is valid and associated with this user. ";
    refused(invalid, admin, session(phone.serial(), code(phone, 0)));
    refused(invalid, admin, session("GAHT12345678", code(phone, 0)));
    Phone mine = phone("mine");
    refused(invalid, admin, session(mine.serial(), code(mine, 0)));
    enable(mine, "administrator");
    open(mine, code(mine, 0));
  }

  @Test
  void aTrustPolicyMayAskForACode() {
    enable(phone, "administrator");
    role("strict", PRESENT);
    refused("AccessDenied: User: ", admin, taking("strict", null));
    refused(WRONG, admin, taking("strict", "000000"));
    f.call(admin, taking("strict", code(phone, 0)), AssumeRoleResponse.class);
    f.pass(Duration.ofSeconds(30));
    Principal strong = open(phone, code(phone, 0));
    f.call(strong, taking("strict", null));
    f.pass(Duration.ofSeconds(61));
    refused("AccessDenied: User: ", strong, taking("strict", null));
    f.call(strong, taking("strict", code(phone, 0)));
  }

  @Test
  void aRolesSessionTellsOfNoSecondFactor() {
    enable(phone, "administrator");
    role("strict", PRESENT);
    f.call(
        admin,
        PutRolePolicyRequest.builder()
            .roleName("strict")
            .policyName("all")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Action":"*","Resource":"*"},
                {"Effect":"Deny","Action":"ecs:ListClusters","Resource":"*",
                "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}""")
            .build());
    Principal inRole =
        principal(
            Objects.requireNonNull(
                f.call(admin, taking("strict", code(phone, 0)), AssumeRoleResponse.class)
                    .credentials()));
    f.require(inRole, Demand.on("ecs:ListServices"));
    assertThatThrownBy(() -> f.require(inRole, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
    refused("AccessDenied: User: ", inRole, taking("strict", null));
    refused(
        "AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.",
        inRole,
        taking("strict", code(phone, 1)));
  }

  @Test
  void aDeniedCallUsesNoCodeUp() {
    enable(phone, "administrator");
    String code = code(phone, 0);
    refused("AccessDenied: User: ", admin, taking("absent", code));
    open(phone, code);
  }

  @Test
  void wrongCodesAreLookedAtEverMoreSeldom() {
    enable(phone, "administrator");
    String wrong = code(phone, 0).equals("000000") ? "000001" : "000000";
    for (int i = 0; i < Guesses.FREE; i++) {
      refused(WRONG, admin, session(phone.serial(), wrong));
    }
    String waiting = WRONG + "Too many were wrong: wait, then try again.";
    refused(waiting, admin, session(phone.serial(), code(phone, 0)));
    refused(
        "InvalidAuthenticationCode: Authentication code for device is not valid. Too many were",
        admin,
        resync(code(phone, 0), code(phone, 1)));
    f.pass(Duration.ofSeconds(30));
    open(phone, code(phone, 0));
    f.pass(Duration.ofSeconds(30));
    refused(WRONG, admin, session(phone.serial(), wrong));
    open(phone, code(phone, 0));
  }

  /** Whoever may enable a device of their own could have named another's, and made it wait. */
  @Test
  void nobodyMakesAnothersDeviceWait() {
    f.call(admin, CreateUserRequest.builder().userName("ann").build());
    enable(phone, "administrator");
    for (int i = 0; i <= Guesses.FREE; i++) {
      refused("EntityAlreadyExists: ", admin, enabling(phone, "ann", "000000", "000000"));
      refused(
          "NoSuchEntity: ",
          admin,
          ResyncMFADeviceRequest.builder()
              .userName("ann")
              .serialNumber(phone.serial())
              .authenticationCode1("000000")
              .authenticationCode2("000000")
              .build());
    }
    open(phone, code(phone, 0));
  }

  private ResyncMFADeviceRequest resync(String one, String two) {
    return ResyncMFADeviceRequest.builder()
        .userName("administrator")
        .serialNumber(phone.serial())
        .authenticationCode1(one)
        .authenticationCode2(two)
        .build();
  }

  @Test
  void aClockThatIsOffIsSetRight() {
    refused("NoSuchEntity: MFA Device", admin, resync(code(phone, 19), code(phone, 20)));
    enable(phone, "administrator");
    refused(WRONG, admin, session(phone.serial(), code(phone, 20)));
    f.call(admin, resync(code(phone, 19), code(phone, 20)));
    refused(WRONG, admin, session(phone.serial(), code(phone, 20)));
    f.pass(Duration.ofSeconds(30));
    open(phone, code(phone, 20));
  }

  @Test
  void aDeviceThatComesBackToAUserTakesNoOldCode() {
    enable(phone, "administrator");
    String code = code(phone, 0);
    open(phone, code);
    f.call(
        admin,
        DeactivateMFADeviceRequest.builder()
            .userName("administrator")
            .serialNumber(phone.serial())
            .build());
    refused(
        "InvalidAuthenticationCode: ",
        admin,
        enabling(phone, "administrator", code(phone, -1), code));
  }

  @Test
  void noTextShowsTheKey() {
    Phone other = phone("other");
    String stored =
        f.state.read(
            view -> view.list(dev.holdfast.iam.model.IamTables.MFA_DEVICES, f.account).toString());
    assertThat(stored).contains("/other").doesNotContainPattern("[A-Z2-7]{32}");
    assertThat(Base32.decode(other.seed())).hasSize(40);
  }
}
