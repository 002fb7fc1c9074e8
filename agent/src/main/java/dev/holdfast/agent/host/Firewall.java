// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.host;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The nftables table of one installation. A container reaches the agent only as 169.254.170.2:80,
 * and nothing else of its host, no link-local address (the cloud's instance metadata, of either
 * protocol), and no other task's network. Our networks have no IPv6, and none goes in or out.
 * Nobody reaches a container from elsewhere but by a port that it publishes. Needs no {@code
 * route_localnet}. The table is always replaced whole, in one transaction.
 */
public final class Firewall {
  private final String table;
  private final int port;
  private final Applier applier;

  /** Runs nftables on a script. */
  interface Applier {
    /** What it says; throws where it refuses. */
    String apply(String script) throws IOException;
  }

  /**
   * Makes the firewall of an installation.
   *
   * @param installation lower-case letters and digits
   * @param port the agent's port on the gateway address of every bridge
   */
  public Firewall(String installation, int port) {
    this(installation, port, Firewall::nft);
  }

  Firewall(String installation, int port, Applier applier) {
    if (!installation.matches("[a-z0-9]{1,32}")) {
      throw new IllegalArgumentException("not an installation's id");
    }
    this.table = "inet holdfast_" + installation;
    this.port = port;
    this.applier = applier;
  }

  /**
   * Makes the rules hold for exactly these networks; without any, the table is removed.
   *
   * @throws IOException where nftables is absent or refuses
   */
  void replace(List<HostNetwork> networks) throws IOException {
    String _ = applier.apply(script(networks));
  }

  /** Whether the rules are there still: a reload of the host's own firewall may flush all. */
  boolean stands() {
    try {
      String said = applier.apply("list table " + table + "\n");
      return Stream.of("prerouting", "input", "forward").allMatch(c -> said.contains("chain " + c));
    } catch (IOException _) {
      return false;
    }
  }

  String script(List<HostNetwork> networks) {
    // Adding before deleting makes the deletion good whether the table exists or not.
    String clear = "table " + table + " {}\ndelete table " + table + "\n";
    if (networks.isEmpty()) {
      return clear;
    }
    // A gateway is closed to whoever does not come in where it lies: the rules of an installation
    // that
    // was killed stay, and must not close the same address of another one, which has it later.
    return clear
        + """
        table %s {
          set bridges { type ifname; elements = { %s } }
          set gateways { type ipv4_addr; elements = { %s } }
          set pairs { type ifname . ifname; elements = { %s } }
          chain prerouting {
            type nat hook prerouting priority dstnat - 5; policy accept;
            iifname @bridges ip daddr 169.254.170.2 tcp dport 80 redirect to :%d
          }
          chain input {
            type filter hook input priority filter - 5; policy accept;
            iifname @bridges ct state established,related accept
            iifname @bridges tcp dport %d ct status dnat accept
            iifname @bridges reject
            ip daddr @gateways tcp dport %d fib daddr . iif type != local reject
          }
          chain forward {
            type filter hook forward priority filter - 5; policy accept;
            iifname @bridges ip daddr 169.254.0.0/16 reject
            iifname @bridges ip6 daddr { fd00:ec2::254, fe80::/10 } reject
            iifname @bridges meta nfproto ipv6 reject
            oifname @bridges meta nfproto ipv6 reject
            iifname . oifname @pairs accept
            iifname @bridges oifname "hf*" reject
            oifname @bridges ct state established,related accept
            oifname @bridges ct status dnat accept
            oifname @bridges reject
          }
        }
        """
            .formatted(
                table,
                elements(networks, n -> '"' + n.bridge() + '"'),
                elements(networks, HostNetwork::gateway),
                elements(networks, n -> '"' + n.bridge() + "\" . \"" + n.bridge() + '"'),
                port,
                port,
                port);
  }

  private static String elements(
      List<HostNetwork> networks, Function<HostNetwork, String> element) {
    return networks.stream().map(element).collect(Collectors.joining(", "));
  }

  private static String nft(String script) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException("nftables is not installed: apt install nftables", e);
    }
    try {
      try (var in = process.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.US_ASCII));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("nftables refuses the task's rules: " + said.strip());
      }
      return said;
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while setting firewall rules");
    }
  }
}
