// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.EscalationPaths.may;
import static dev.holdfast.it.EscalationPaths.object;

import dev.holdfast.it.EscalationPaths.Path;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The ways by what others are trusted for: an identity provider, a machine with a role, a session
 * that says who began it or what it is tagged with.
 */
final class EscalationByTrust {
  private static final String PRINT = "0123456789abcdef0123456789abcdef01234567";

  private final Harbor harbor;
  private final String account;
  private final List<Path> paths = new ArrayList<>();

  EscalationByTrust(Harbor harbor) {
    this.harbor = harbor;
    this.account = harbor.account().digits();
  }

  private String iam(String resource) {
    return "arn:aws:iam::" + account + ":" + resource;
  }

  private void add(String name, String operation, String in, String key, String... near) {
    paths.add(Path.of(name, operation, in, key, near));
  }

  /** All of them; who is trusted is there from now on. */
  List<Path> all() {
    providers();
    machines();
    sessions();
    tokens();
    tags();
    return paths;
  }

  private void providers() {
    String made = iam("oidc-provider/made.test");
    String kept = iam("oidc-provider/kept.test");
    harbor.admin(
        "iam:CreateOpenIDConnectProvider",
        "{\"Url\":\"https://kept.test\",\"ThumbprintList\":[\"%s\"]}".formatted(PRINT));
    add(
        "an identity provider of one's own",
        "iam:CreateOpenIDConnectProvider",
        "{\"Url\":\"https://made.test\",\"ClientIDList\":[\"app\"],\"ThumbprintList\":[\"%s\"]}"
            .formatted(PRINT),
        may("iam:CreateOpenIDConnectProvider", made),
        may("iam:CreateOpenIDConnectProvider", kept),
        may("iam:UpdateOpenIDConnectProviderThumbprint", "*"));
    add(
        "another application of an identity provider",
        "iam:AddClientIDToOpenIDConnectProvider",
        object("OpenIDConnectProviderArn", kept, "ClientID", "app"),
        may("iam:AddClientIDToOpenIDConnectProvider", kept),
        may("iam:AddClientIDToOpenIDConnectProvider", made),
        may("iam:CreateOpenIDConnectProvider", "*"));
    add(
        "another certificate of an identity provider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
        "{\"OpenIDConnectProviderArn\":\"%s\",\"ThumbprintList\":[\"%s\"]}"
            .formatted(kept, PRINT.replace('0', 'f')),
        may("iam:UpdateOpenIDConnectProviderThumbprint", kept),
        may("iam:UpdateOpenIDConnectProviderThumbprint", made),
        may("iam:AddClientIDToOpenIDConnectProvider", "*"));
  }

  private void machines() {
    for (String role : List.of("edge", "core")) {
      harbor.admin(
          "iam:CreateRole",
          object("RoleName", role, "AssumeRolePolicyDocument", MachineCargo.TRUST));
    }
    String core = iam("role/core");
    String service = "ssm.amazonaws.com";
    String passing = may("iam:PassRole", core, "iam:PassedToService", service);
    String[] near = {
      may("iam:PassRole", core, "iam:PassedToService", "ecs-tasks.amazonaws.com"),
      may("iam:PassRole", iam("role/edge")),
      may("sts:AssumeRole", core)
    };
    paths.add(
        Path.of(
                "a role for a machine of one's own",
                "ssm:CreateActivation",
                "{\"IamRole\":\"core\",\"RegistrationLimit\":1}",
                passing,
                near)
            .beside(may("ssm:CreateActivation", "*")));
    String machine = machine();
    String action = "ssm:UpdateManagedInstanceRole";
    paths.add(
        Path.of(
                "a stronger role for a machine that is there",
                action,
                object("InstanceId", machine, "IamRole", "core"),
                passing,
                near)
            .beside(
                may(
                    action,
                    "arn:aws:ssm:us-east-1:%s:managed-instance/%s".formatted(account, machine)),
                may(action, core)));
  }

  /** A machine that came with the weaker role. */
  private String machine() {
    JsonObject activation =
        harbor.admin("ssm:CreateActivation", "{\"IamRole\":\"edge\",\"RegistrationLimit\":1}");
    try (HttpClient http = HttpClient.newHttpClient()) {
      var machine = new StandInMachine(http, harbor.platform().url(), InstantSource.system());
      StandInMachine.Answer _ =
          machine.register(
              Harbor.text(activation, "ActivationId"), Harbor.text(activation, "ActivationCode"));
      return machine.id();
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void sessions() {
    String strong = iam("role/strong");
    paths.add(
        Path.of(
                "a session that says that somebody else began it",
                "sts:AssumeRole",
                object(
                    "RoleArn", strong,
                    "RoleSessionName", "session",
                    "SourceIdentity", "boss"),
                may("sts:SetSourceIdentity", strong, "sts:SourceIdentity", "boss"),
                may("sts:SetSourceIdentity", strong, "sts:SourceIdentity", "low"),
                may("sts:SetSourceIdentity", iam("role/weak")),
                may("sts:TagSession", "*"))
            .beside(may("sts:AssumeRole", strong)));
    String guest = "arn:aws:sts::" + account + ":federated-user/guest";
    paths.add(
        Path.of(
                "a guest with tags that policies ask for",
                "sts:GetFederationToken",
                "{\"Name\":\"guest\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"admins\"}]}",
                may("sts:TagSession", guest),
                may("sts:TagSession", guest, "aws:RequestTag/team", "crew"),
                may("sts:TagSession", guest.replace("guest", "other")),
                may("sts:SetSourceIdentity", "*"))
            .beside(may("sts:GetFederationToken", guest)));
  }

  /** Others may give much to whoever the account vouches for. */
  private void tokens() {
    add(
        "tokens that vouch for the account's people",
        "iam:EnableOutboundWebIdentityFederation",
        "{}",
        may("iam:EnableOutboundWebIdentityFederation", "*"),
        may("iam:GetOutboundWebIdentityFederationInfo", "*"));
    add(
        "a token for somebody else than was meant",
        "sts:GetWebIdentityToken",
        "{\"Audience\":[\"bank\"],\"SigningAlgorithm\":\"ES384\"}",
        may("sts:GetWebIdentityToken", "*", "sts:IdentityTokenAudience", "bank"),
        may("sts:GetWebIdentityToken", "*", "sts:IdentityTokenAudience", "app"),
        may("sts:GetWebIdentityToken", "*", "sts:SigningAlgorithm", "RS256"));
  }

  private void tags() {
    String strong = iam("role/strong");
    add(
        "a role with a tag that policies ask for",
        "iam:TagRole",
        "{\"RoleName\":\"strong\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"admins\"}]}",
        may("iam:TagRole", strong),
        may("iam:TagRole", strong, "aws:RequestTag/team", "crew"),
        may("iam:TagRole", iam("role/weak")),
        may("iam:TagUser", "*"));
  }

  /** The last of all: whoever has the name has what is granted to the name. */
  static Path rename(String account) {
    String user = "arn:aws:iam::" + account + ":user/";
    return Path.of(
            "a name that is granted more",
            "iam:UpdateUser",
            object("UserName", "victim", "NewUserName", "boss"),
            may("iam:UpdateUser", user + "boss"),
            may("iam:UpdateUser", user + "low"),
            may("iam:UpdateUser", user + "victim", "aws:PrincipalTag/team", "admins"),
            may("iam:CreateUser", "*"))
        .beside(may("iam:UpdateUser", user + "victim"));
  }
}
