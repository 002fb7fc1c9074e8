// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.model.Guesses;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.LoginProfile;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.User;
import dev.holdfast.service.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code fsck} finds of passwords and devices. */
final class IamCheckTest {
  private final Fixture f = new Fixture();

  private List<Finding> found() {
    var found = new ArrayList<Finding>();
    f.state.<Boolean>read(
        view -> {
          new IamCheck().run(view, found::add);
          return true;
        });
    return found;
  }

  private void belongings(String userId, String userName) {
    MfaDevice device =
        MfaDevice.fresh("phone", "/", f.now, "MY")
            .of(new MfaDevice.Owner(userId, userName, f.now), MfaDevice.Codes.FRESH);
    var profile =
        new LoginProfile(
            userId,
            f.now,
            "00",
            new LoginProfile.Derived(1, "00"),
            f.now,
            List.of(),
            new LoginProfile.State(false, Guesses.NONE));
    f.state.own(
        tx -> {
          tx.put(IamTables.MFA_DEVICES, f.account, device.key(), device);
          tx.put(IamTables.LOGIN_PROFILES, f.account, userId, profile);
          return true;
        });
  }

  @Test
  void whatBelongsToAUserIsAsItShouldBe() {
    f.call(f.administrator(), CreateUserRequest.builder().userName("ann").build());
    User ann = f.state.read(view -> Directory.user(view, f.account, "ann"));
    belongings(ann.id(), "ann");
    assertThat(found()).isEmpty();
  }

  @Test
  void aPasswordAndADeviceOfNobodyAreFound() {
    belongings("AIDAGONE", "gone");
    assertThat(found().toString())
        .contains("arn:aws:iam::" + f.account + ":mfa/phone", "login profile of AIDAGONE")
        .contains("is of the user gone, who is not there");
  }
}
