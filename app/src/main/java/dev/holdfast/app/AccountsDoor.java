// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.aws.ApiError;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.iam.model.IamTables.Account;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/** The part of the admin socket that is about the accounts of this installation. */
final class AccountsDoor {
  /** What AWS takes as an account's alias. */
  private static final Pattern ALIAS = Pattern.compile("[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]");

  private final OpenDirectory directory;

  AccountsDoor(OpenDirectory directory) {
    this.directory = directory;
  }

  /** Answers where the path is one of its own; false where it is not. */
  boolean handle(Exchange exchange, JsonObject body) throws IOException {
    JsonObject answer;
    switch (exchange.method() + " " + exchange.rawPath()) {
      case "GET /accounts" -> answer = JsonObject.EMPTY.with("accounts", list());
      case "POST /accounts" -> answer = create(body.string("alias"));
      default -> {
        return false;
      }
    }
    exchange.respond(
        200, List.of(new Header("Content-Type", "application/json")), Json.bytes(answer));
    return true;
  }

  private JsonArray list() {
    String own = directory.installation().account().digits();
    return new JsonArray(
        directory.iam().accounts().listed().stream().map(account -> shown(account, own)).toList());
  }

  private static JsonValue shown(Account account, String own) {
    JsonObject shown =
        JsonObject.EMPTY
            .with("AccountId", account.id().digits())
            .with("created", account.created().truncatedTo(ChronoUnit.SECONDS).toString())
            .with("own", new JsonValue.JsonBool(account.id().digits().equals(own)));
    return account.alias() == null ? shown : shown.with("alias", account.alias());
  }

  /** The one answer that shows the administrator's key. */
  private JsonObject create(@org.jspecify.annotations.Nullable String alias) {
    if (alias != null && !ALIAS.matcher(alias).matches()) {
      throw new Refusal(
          "an alias has 3 to 63 of a-z, 0-9 and single hyphens, and a hyphen at neither end");
    }
    JsonObject parameters =
        alias == null ? JsonObject.EMPTY : JsonObject.EMPTY.with("alias", alias);
    try {
      Accounts.Created created =
          directory
              .iam()
              .accounts()
              .create(
                  directory.operator().call(OperatorCalls.SOURCE, "CreateAccount", parameters),
                  alias);
      return JsonObject.EMPTY
          .with("AccountId", created.account().digits())
          .with("AccessKeyId", created.credentials().accessKeyId())
          .with("SecretAccessKey", created.credentials().secretAccessKey());
    } catch (ApiError e) {
      throw new Refusal(e.text());
    }
  }
}
