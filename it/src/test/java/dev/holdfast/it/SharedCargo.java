// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;

/** What of the cargo is shared by policies of resources and by grants. */
final class SharedCargo {
  private final Cargo cargo;
  private final Harbor harbor;

  SharedCargo(Cargo cargo, Harbor harbor) {
    this.cargo = cargo;
    this.harbor = harbor;
  }

  void load() {
    grants();
    parameter();
  }

  private void grants() {
    String sailor = "arn:aws:iam::" + harbor.account() + ":user/sailor";
    String key = Harbor.text(harbor.admin("kms:CreateKey", "{}").object("KeyMetadata"), "Arn");
    String request =
        "{\"KeyId\":\"%s\",\"GranteePrincipal\":\"%s\",\"Operations\":[\"Encrypt\"]}"
            .formatted(key, sailor);
    cargo.value("kms.GranteePrincipal", sailor);
    cargo.value("kms.RetiringPrincipal", sailor);
    cargo.raw("kms:CreateGrant.Operations", "[\"Encrypt\",\"DescribeKey\"]");
    cargo.value("kms:RevokeGrant.KeyId", key);
    cargo.value(
        "kms:RevokeGrant.GrantId",
        Harbor.text(harbor.admin("kms:CreateGrant", request), "GrantId"));
    cargo.beside(
        "kms:RetireGrant",
        "{\"KeyId\":\"%s\",\"GrantId\":\"%s\"}"
            .formatted(key, Harbor.text(harbor.admin("kms:CreateGrant", request), "GrantId")));
    for (String op : List.of("CreateGrant", "ListGrants")) {
      cargo.arn("kms:" + op, "{\"KeyId\":\"%s\"}".formatted(key));
    }
  }

  private void parameter() {
    harbor.admin(
        "ssm:PutParameter",
        "{\"Name\":\"/shop/shared\",\"Value\":\"v\",\"Type\":\"String\",\"Tier\":\"Advanced\"}");
    String arn = cargo.arnOf("ssm", "parameter/shop/shared");
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"ssm:GetParameter","Resource":"*"}]}"""
            .formatted(harbor.account());
    JsonObject made =
        harbor.admin(
            "ssm:PutResourcePolicy",
            Json.text(JsonObject.EMPTY.with("ResourceArn", arn).with("Policy", policy)));
    cargo.value("ssm.ResourceArn", arn);
    cargo.value("ssm.Policy", policy);
    cargo.value("ssm.PolicyId", Harbor.text(made, "PolicyId"));
    cargo.value("ssm.PolicyHash", Harbor.text(made, "PolicyHash"));
  }
}
