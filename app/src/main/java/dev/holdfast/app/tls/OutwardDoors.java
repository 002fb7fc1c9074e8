// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.tls;

import dev.holdfast.http.HttpHandler;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.Tls;
import dev.holdfast.service.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that other machines reach: TLS alone, on addresses that were asked for, with the
 * same handler behind them as the loopback address has.
 */
public final class OutwardDoors implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("tls");

  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> given;

  /** None where nobody listens. */
  private final @Nullable ServerIdentity identity;

  private volatile List<String> names;

  /**
   * What is asked for.
   *
   * @param listeners addresses that are none of loopback
   * @param names by which others know this machine, beside its addresses
   * @param issuers where identity providers live that are called, by name in lower case; of any
   *     other, an address of the Internet is called alone
   */
  public record Wanted(
      List<InetSocketAddress> listeners,
      List<String> names,
      Map<String, InetSocketAddress> issuers) {
    public Wanted {
      listeners = List.copyOf(listeners);
      names = List.copyOf(names);
      issuers = Map.copyOf(issuers);
    }

    /** No identity provider is at an address of its own. */
    public Wanted(List<InetSocketAddress> listeners, List<String> names) {
      this(listeners, names, Map.of());
    }
  }

  private OutwardDoors(Wanted wanted, Authority authority, Instant now) throws IOException {
    given = wanted.names();
    names = Names.of(wanted.listeners(), given);
    identity = wanted.listeners().isEmpty() ? null : new ServerIdentity(authority, names, now);
  }

  /**
   * Listens.
   *
   * @param refused told the address of a client and what is wrong with the certificate it showed
   * @throws IOException where an address is taken, or not this machine's
   */
  public static OutwardDoors open(
      Wanted wanted,
      Authority authority,
      HttpHandler handler,
      BiConsumer<String, String> refused,
      Instant now)
      throws IOException {
    var doors = new OutwardDoors(wanted, authority, now);
    if (doors.identity == null) {
      return doors;
    }
    try {
      var trust = new ClientTrust(authority.certificate(), refused);
      var tls = new Tls(Contexts.server(doors.identity, trust));
      for (InetSocketAddress listener : wanted.listeners()) {
        doors.servers.add(HttpServer.start(listener, handler, tls));
      }
      return doors;
    } catch (IOException | RuntimeException e) {
      doors.close();
      throw e;
    } catch (GeneralSecurityException e) {
      doors.close();
      throw new IOException("TLS cannot be had", e);
    }
  }

  private List<InetSocketAddress> listeners() {
    return servers.stream().map(HttpServer::address).toList();
  }

  /** Whether a host and port are what the certificate vouches for. */
  public boolean knows(String authority) {
    for (InetSocketAddress listener : listeners()) {
      for (String name : names) {
        String own = Names.authority(name, listener.getPort());
        if (own.equals(authority)
            || (listener.getPort() == 443 && own.equals(authority + ":443"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** How others reach this platform, a host and port each; the best first. */
  public List<String> authorities() {
    var all = new ArrayList<String>();
    for (InetSocketAddress listener : listeners()) {
      names.stream()
          .filter(name -> reaches(listener, name))
          .map(name -> Names.authority(name, listener.getPort()))
          .filter(authority -> !all.contains(authority))
          .forEach(all::add);
    }
    return List.copyOf(all);
  }

  /** The base of every API for others; that of this machine alone where no TLS is spoken. */
  public String address(Endpoint plain) {
    return authorities().stream()
        .findFirst()
        .map(authority -> "https://" + withoutDefaultPort(authority))
        .orElse(plain.url());
  }

  /** An issuer's URL may have no port where it is to be a provider of identities for IAM. */
  private static String withoutDefaultPort(String authority) {
    return authority.endsWith(":443")
        ? authority.substring(0, authority.length() - ":443".length())
        : authority;
  }

  /** A name may be any listener's, an address its own alone. */
  private static boolean reaches(InetSocketAddress listener, String name) {
    return !Names.isAddress(name)
        || listener.getAddress().isAnyLocalAddress()
        || Names.text(listener.getAddress()).equals(name);
  }

  /** Renews the certificate where it is time; to be called now and then. */
  public void renew(Instant now) {
    try {
      if (identity == null) {
        return;
      }
      List<String> today = Names.of(listeners(), given);
      if (identity.renew(today, now)) {
        names = today;
        LOG.log(
            System.Logger.Level.INFO,
            "the server''s certificate was renewed; it holds until {0}",
            identity.certificate().getNotAfter().toInstant());
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the server's certificate was not renewed", e);
    }
  }

  @Override
  public void close() {
    servers.forEach(HttpServer::close);
  }
}
