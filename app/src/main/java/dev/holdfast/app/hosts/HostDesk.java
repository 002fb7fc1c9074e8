// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.app.tls.Pem;
import dev.holdfast.ecs.Fleet;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.iam.control.Accounts;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Call;
import dev.holdfast.ssm.model.ManagedInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What the operator does with other machines, on the machine of the platform. */
public final class HostDesk {
  /** After so long the tasks of services are started elsewhere. */
  private static final Duration SILENT = Duration.ofSeconds(90);

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final HostDoor.Needs needs;
  private final Operator operator;
  private final Supplier<List<String>> authorities;
  private final Invitations invitations;

  /** Makes the operator's calls. */
  public interface Operator {
    Call call(String source, String name, JsonObject parameters);
  }

  /**
   * Makes the desk.
   *
   * @param authorities how others reach the platform over TLS, a host and port each
   */
  public HostDesk(HostDoor.Needs needs, Operator operator, Supplier<List<String>> authorities) {
    this.needs = needs;
    this.operator = operator;
    this.authorities = authorities;
    this.invitations = needs.context().invitations();
  }

  private Call call(String event, JsonObject parameters) {
    return operator.call(HostCalls.SOURCE, event, parameters);
  }

  /** The authority's certificate and fingerprint, and where TLS is spoken. */
  public JsonObject authority() {
    var certificate = needs.authority().certificate();
    return JsonObject.EMPTY
        .with("certificate", Pem.of(certificate))
        .with("fingerprint", Pem.fingerprint(certificate))
        .with("addresses", JsonArray.ofStrings(authorities.get()));
  }

  /**
   * Invites a machine.
   *
   * @param asked its name; empty for one that is made up
   * @throws HostRefusal where it cannot be reached or the name is none
   */
  public JsonObject invite(String asked) {
    return invite(asked, "", Map.of());
  }

  /**
   * Invites a machine.
   *
   * @param asked its name; empty for one that is made up
   * @param only the name or ARN of the one cluster that it is for; empty for every one
   * @param attributes what is said of it
   * @throws HostRefusal where it cannot be reached, or something of this is none
   */
  public JsonObject invite(String asked, String only, Map<String, String> attributes) {
    List<String> reach = authorities.get();
    if (reach.isEmpty()) {
      throw new HostRefusal(
          "no other machine can reach this platform: start it with --bind ADDRESS, which is an"
              + " address of this machine that the others know");
    }
    String name = asked.isEmpty() ? "host-" + Ids.hex(needs.context().random(), 3) : asked;
    if (!NAME.matcher(name).matches()) {
      throw new HostRefusal("a host's name has lower-case letters, digits and hyphens, at most 63");
    }
    if (needs.fleet().named(name).isPresent()) {
      throw new HostRefusal("a host of the name " + name + " is there already");
    }
    Cluster.Key cluster = only.isEmpty() ? null : cluster(only);
    Fleet.fault(attributes)
        .ifPresent(
            fault -> {
              throw new HostRefusal(fault);
            });
    JsonObject parameters = JsonObject.EMPTY.with("name", name);
    parameters =
        cluster == null ? parameters : parameters.with("cluster", cluster.arn().toString());
    var made = invitations.make(call("InviteHost", parameters), name, cluster, attributes);
    return JsonObject.EMPTY
        .with("name", name)
        .with("code", made.code())
        .with("expires", made.invitation().expires().toString())
        .with("address", reach.getFirst())
        .with("fingerprint", Pem.fingerprint(needs.authority().certificate()));
  }

  /** A cluster that is there; a plain name means one of the operator's own account and region. */
  private Cluster.Key cluster(String text) {
    Context context = needs.context();
    Optional<Cluster.Key> key =
        text.startsWith("arn:")
            ? Arn.parse(text).flatMap(HostDesk::clusterOf)
            : Optional.of(new Cluster.Key(context.account(), new Region(context.region()), text));
    return key.filter(needs.fleet()::exists)
        .orElseThrow(
            () -> new HostRefusal("there is no cluster " + text + "; see aws ecs list-clusters"));
  }

  private static Optional<Cluster.Key> clusterOf(Arn arn) {
    return arn.service().equals("ecs") && arn.resource().startsWith("cluster/")
        ? AccountId.parse(arn.account())
            .flatMap(
                account ->
                    Region.parse(arn.region())
                        .map(
                            region ->
                                new Cluster.Key(
                                    account,
                                    region,
                                    arn.resource().substring("cluster/".length()))))
        : Optional.empty();
  }

  /** All hosts that joined, and after them the machines that registered with an activation. */
  public JsonArray list() {
    var all = new ArrayList<JsonValue>();
    needs.fleet().all().forEach(standing -> all.add(json(standing)));
    needs.machines().all().forEach(machine -> all.add(json(machine)));
    return new JsonArray(all);
  }

  private JsonObject json(ManagedInstance machine) {
    List<Fleet.Registered> instances =
        needs
            .machines()
            .identity(machine.role().arn())
            .map(role -> needs.fleet().registered(role, machine.id()))
            .orElse(List.of());
    boolean connected = instances.stream().anyMatch(Fleet.Registered::connected);
    String name = machine.name();
    JsonObject json =
        JsonObject.EMPTY
            .with("name", name == null ? machine.id() : name)
            .with("id", machine.id())
            .with("account", machine.account().digits())
            .with("region", machine.region().name())
            .with("role", machine.role().name())
            .with("activation", machine.activation())
            .with("connected", connected)
            .with("draining", false)
            .with("tasks", instances.stream().mapToInt(Fleet.Registered::tasks).sum())
            .with(
                "clusters",
                JsonArray.ofStrings(
                    instances.stream().map(Fleet.Registered::cluster).sorted().toList()))
            .with("joined", machine.registered().toString());
    ManagedInstance.Ping ping = machine.ping();
    return connected
        ? json.with("agent", ping == null ? "" : ping.agent().version())
        : json.with(
            "silentSeconds",
            Duration.between(machine.heard(), needs.context().ground().clock().instant())
                .toSeconds());
  }

  private static JsonObject json(Fleet.Standing standing) {
    JoinedHost host = standing.host();
    JsonObject json =
        JsonObject.EMPTY
            .with("name", host.name())
            .with("id", host.id())
            .with("connected", standing.connected())
            .with("draining", host.draining())
            .with("tasks", standing.tasks())
            .with("joined", host.joinedAt().toString());
    Cluster.Key cluster = host.cluster();
    json = cluster == null ? json : json.with("cluster", cluster.arn().toString());
    return standing.connected()
        ? json.with("agent", standing.agent())
        : json.with("silentSeconds", standing.silence().toSeconds());
  }

  /** What is wrong with hosts, a line each. */
  public List<String> notes() {
    var notes = new ArrayList<String>();
    for (Fleet.Standing standing : needs.fleet().all()) {
      if (!standing.connected()) {
        boolean lost = standing.silence().compareTo(SILENT) >= 0;
        notes.add(
            "host %s is silent for %d s%s"
                .formatted(
                    standing.host().name(),
                    standing.silence().toSeconds(),
                    lost
                        ? "; the tasks of services are started elsewhere. Look at its agent, or:"
                            + " ./holdfast host remove "
                            + standing.host().name()
                        : ""));
      } else if (!standing.limits()) {
        notes.add(
            "host %s holds tasks to no cpu and memory of their own; the log of its agent says why"
                .formatted(standing.host().name()));
      }
    }
    return notes;
  }

  /** Lets a host take new tasks or not. */
  public JsonObject drain(String name, boolean drains) {
    JoinedHost host = known(name);
    String event = drains ? "DrainHost" : "ActivateHost";
    needs.fleet().drain(call(event, named(host)), host.id(), drains);
    return JsonObject.EMPTY.with("name", host.name());
  }

  /** Removes a host: from this commit on its certificate and its sessions are void. */
  public JsonObject remove(String name) {
    JoinedHost host = known(name);
    int lost =
        needs
            .fleet()
            .remove(
                call("RemoveHost", named(host)),
                host.id(),
                tx -> Accounts.removeHost(tx, host.id()));
    return JsonObject.EMPTY.with("name", host.name()).with("tasks", lost);
  }

  private static JsonObject named(JoinedHost host) {
    return JsonObject.EMPTY.with("name", host.name()).with("host", host.id());
  }

  private JoinedHost known(String name) {
    return needs
        .fleet()
        .named(name)
        .orElseThrow(
            () -> new HostRefusal("there is no host " + name + "; see ./holdfast host list"));
  }
}
