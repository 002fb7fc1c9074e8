// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.cli.ServerOptions;
import dev.holdfast.app.daily.DailyDoor;
import dev.holdfast.app.events.Teller;
import dev.holdfast.app.events.WebhookDesk;
import dev.holdfast.app.output.Shown;
import dev.holdfast.ecs.plan.TaskExplanation;
import dev.holdfast.ecs.state.ServiceReport;
import dev.holdfast.http.Exchange;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Profile;
import dev.holdfast.trail.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the operator of this machine may ask over the admin socket. */
final class LocalOperator implements AdminDoor.Operator, AutoCloseable {
  private final Platform platform;
  private final ServerOptions options;
  private final Instant started;
  private final LocalAgent agent;
  private final Runnable stop;
  private final AccountsDoor accounts;
  private final CustodyDoor custody;
  private final DailyDoor daily;
  private final HostsDoor hosts;
  private final RulesDoor rules;
  private final Teller teller;
  private final WebhookDesk webhook;
  private final InstantSource clock;

  LocalOperator(
      Platform platform, ServerOptions options, Path sockets, InstantSource clock, Runnable stop) {
    this.platform = platform;
    this.options = options;
    this.started = clock.instant();
    this.agent = new LocalAgent(platform, options, sockets.resolve("agent.sock"));
    this.stop = stop;
    this.clock = clock;
    this.accounts = new AccountsDoor(platform.directory());
    this.custody = new CustodyDoor(platform.directory());
    this.daily = new DailyDoor(platform.ecs());
    this.hosts = new HostsDoor(platform.hostDesk());
    this.rules = RulesDoor.of(platform.directory());
    Foundation foundation = platform.directory().foundation();
    var ground =
        new Teller.Ground(
            foundation.state(), clock, () -> Epoch.of(foundation.state()).purpose("events"));
    this.teller = new Teller(ground, platform.ecs().journal());
    this.webhook =
        new WebhookDesk(
            ground,
            teller,
            platform.ecs().journal(),
            platform.directory().operator()::call,
            foundation.random());
  }

  /** Starts what the operator's machine contributes: its agent. */
  void start() {
    agent.start();
    teller.start();
  }

  @Override
  public JsonObject ready() {
    return JsonObject.EMPTY.with("url", platform.endpoint().url()).with("agent", agent.status());
  }

  @Override
  public JsonObject status() {
    JsonObject standing = platform.ecs().daily().standing(agent.reason());
    Installation installation = platform.installation();
    Guardrails guardrails = platform.iam().guardrails();
    JsonObject unknown = JsonObject.EMPTY;
    for (var missed : platform.catalog().missed().entrySet()) {
      unknown = unknown.with(missed.getKey(), missed.getValue());
    }
    String url = platform.endpoint().url();
    return JsonObject.EMPTY
        .with("version", version())
        .with("pid", ProcessHandle.current().pid())
        .with("profile", installation.profile().name().toLowerCase(Locale.ROOT))
        .with("url", url)
        .with("port", Long.parseLong(url.substring(url.lastIndexOf(':') + 1)))
        .with("region", options.region())
        .with("account", installation.account().digits())
        .with("installation", installation.id())
        .with("dataDir", options.dataDir().toString())
        .with("rootKey", installation.rootKey())
        .with("agent", agent.status())
        .with("enforced", rules(guardrails, Guardrail.Mode.ENFORCE))
        .with("taught", rules(guardrails, Guardrail.Mode.TEACH))
        .with("unknownOperations", unknown)
        .with("warnings", JsonArray.ofStrings(warnings()))
        .with("alarms", JsonArray.ofStrings(platform.ecs().alarms()))
        .with("accessKeysWaiting", custody.waitingKeys())
        .with("tasksRunning", Objects.requireNonNull(standing.integer("tasks")))
        .with("services", services())
        .with("standing", standing)
        .with("tls", hosts.addresses())
        .with("caFingerprint", hosts.fingerprint())
        .with("hosts", hosts.list())
        .with("hostNotes", hosts.notes())
        .with("startedAt", started.toString());
  }

  private List<String> warnings() {
    return Stream.of(platform.warnings(), rules.warnings(), teller.warnings())
        .flatMap(List::stream)
        .toList();
  }

  private JsonObject services() {
    ServiceReport report = platform.ecs().serviceReport();
    return JsonObject.EMPTY
        .with("active", report.active())
        .with("notes", JsonArray.ofStrings(report.notes()));
  }

  /** Of this program. */
  static String version() {
    String version = Platform.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static JsonArray rules(Guardrails guardrails, Guardrail.Mode mode) {
    var always =
        mode == Guardrail.Mode.ENFORCE
            ? List.of("signatures", "IAM", "encryption", "host-policy")
            : List.<String>of();
    var names = new java.util.ArrayList<>(always);
    Guardrails.ALL.stream()
        .filter(rule -> guardrails.mode(rule) == mode)
        .forEach(rule -> names.add(rule.id()));
    return JsonArray.ofStrings(names);
  }

  @Override
  public JsonObject credentials() {
    var session = platform.iam().accounts().operator(platform.installation().account());
    return JsonObject.EMPTY
        .with("AccessKeyId", session.credentials().accessKeyId())
        .with("SecretAccessKey", session.credentials().secretAccessKey())
        .with("SessionToken", String.valueOf(session.credentials().sessionToken()))
        .with("Expiration", session.expires().toString())
        .with("AccountId", platform.installation().account().digits())
        .with("Region", options.region())
        .with("EndpointUrl", platform.endpoint().url())
        .with(
            "PrincipalArn",
            "arn:aws:sts::"
                + platform.installation().account()
                + ":assumed-role/"
                + Accounts.OPERATOR
                + "/operator");
  }

  @Override
  public void deleteAccount(AccountId account) {
    if (platform.installation().profile() != Profile.DEV) {
      throw new Refusal("accounts are removed this way in the profile `dev` only");
    }
    if (account.equals(platform.installation().account())) {
      throw new Refusal("this is the installation's own account");
    }
    if (!platform.iam().accounts().delete(account)) {
      throw new Refusal("there is no account " + account);
    }
    platform.trail().removed(account);
    platform.ecs().journal().forget(account);
  }

  @Override
  public Optional<String> explainDenial(String authorizationId) {
    return platform.iam().explain(authorizationId);
  }

  @Override
  public Optional<String> explainTask(String arn) {
    List<String> named =
        Arn.parse(arn).isPresent() ? List.of(arn) : platform.ecs().daily().named(arn);
    if (named.size() > 1) {
      throw new Refusal(named.size() + " tasks begin so; say more of the id");
    }
    return named.stream()
        .findFirst()
        .flatMap(Arn::parse)
        .flatMap(platform.ecs()::explain)
        .map(TaskExplanation::text);
  }

  @Override
  public void logs(AdminDoor.LogQuery query, Shown shown) throws IOException {
    agent.logs(query, clock.instant(), shown);
  }

  @Override
  public JsonObject verifyAudit() {
    Verification found = platform.trail().verify();
    return JsonObject.EMPTY
        .with("ok", new JsonValue.JsonBool(found.ok()))
        .with("text", found.text());
  }

  @Override
  public boolean custody(Exchange exchange, JsonObject body) throws IOException {
    return accounts.handle(exchange, body)
        || custody.handle(exchange, body)
        || hosts.handle(exchange, body)
        || rules.handle(exchange, body)
        || webhook.handle(exchange, body)
        || daily.handle(exchange);
  }

  @Override
  public JsonObject confirmClock() {
    return JsonObject.EMPTY.with("time", platform.confirmClock().toString());
  }

  @Override
  public List<String> shutdown(String tasks) {
    List<String> live = agent.liveTasks();
    switch (tasks) {
      case "" -> {
        if (!live.isEmpty()) {
          return live;
        }
        stop.run();
      }
      case "keep" -> stop.run();
      case "stop" -> {
        String reason = agent.reason();
        if (!live.isEmpty() && !reason.isEmpty()) {
          throw new Refusal(
              live.size()
                  + " tasks cannot be stopped now: "
                  + reason
                  + "; mend that and try again, or leave them: --keep-tasks");
        }
        Thread.ofPlatform()
            .name("stop-tasks")
            .start(
                () -> {
                  agent.stopTasks();
                  stop.run();
                });
      }
      default -> throw new Refusal("say what becomes of the tasks: stop or keep");
    }
    return List.of();
  }

  @Override
  public void close() {
    teller.close();
    agent.close();
  }
}
