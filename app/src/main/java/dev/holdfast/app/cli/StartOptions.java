// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.hosts.Listen;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a start, the same for {@code up} and the hidden {@code server}. */
public final class StartOptions {
  static final int DEFAULT_PORT = 4566;
  static final Path ENGINE = Path.of("/var/run/docker.sock");

  /** An IPv6 address in brackets, or anything else without a colon; then a port. */
  private static final Pattern BIND =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([^\\[\\]:]+))(?::([0-9]{1,5}))?");

  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description =
          "dev (guardrails teach; loopback only) or standard (guardrails are enforced). Sealed into"
              + " a new data directory; an existing one keeps its own.")
  private @Nullable String profile;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "4566",
      description = "The port that serves every API (default: ${DEFAULT-VALUE}; 0: any free one).")
  private int port = DEFAULT_PORT;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS[:PORT]",
      split = ",",
      description = {
        "An address of this machine that others reach; TLS is spoken there (port 4567 where none is",
        "said). May be given several times. Plain HTTP is spoken on loopback alone, which another",
        "loopback address may be named for (default: 127.0.0.1)."
      })
  private List<String> bind = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      split = ",",
      description = "What others call this machine; the certificate of its TLS vouches for it.")
  private List<String> names = List.of();

  @Option(
      names = "--issuer",
      paramLabel = "HOST=ADDRESS[:PORT]",
      split = ",",
      description = {
        "Where an OpenID Connect provider lives that is not on the Internet (port 443 where none is",
        "said). No other private or local address is called. May be given several times."
      })
  private List<String> issuers = List.of();

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "Where the root key lies (default: the profile's own place).")
  private @Nullable Path rootKey;

  @Option(
      names = "--engine",
      paramLabel = "SOCKET",
      description =
          "The container engine's unix socket (default: the one that DOCKER_HOST names, else"
              + " /var/run/docker.sock).")
  private @Nullable Path engine;

  /** What the server is told; wrong values are usage errors. */
  ServerOptions options(DataDir dir) {
    if (profile != null && !profile.equals("dev") && !profile.equals("standard")) {
      throw wrong("there is no profile `" + profile + "`; the profiles are dev and standard");
    }
    if (port < 0 || port > 65535) {
      throw wrong("a port is a number from 0 to 65535");
    }
    return new ServerOptions(
        dir.path(),
        profile,
        listen(),
        region(),
        rootKey == null ? null : rootKey.toAbsolutePath(),
        engine == null ? engine(System.getenv("DOCKER_HOST")) : engine.toAbsolutePath());
  }

  private Listen listen() {
    String loopback = null;
    var outward = new ArrayList<Listen.Address>();
    for (String text : bind) {
      Listen.Address address = address(text);
      if (!loopback(address)) {
        outward.add(address);
      } else if (loopback == null && address.port() == Listen.TLS_PORT) {
        loopback = address.host();
      } else {
        throw wrong("one loopback address at a time, and --port says its port");
      }
    }
    for (String name : names) {
      if (name.length() > 253 || !NAME.matcher(name).matches()) {
        throw wrong("`" + name + "` is no name of a machine");
      }
    }
    return new Listen(
        loopback == null ? "127.0.0.1" : loopback,
        port,
        outward,
        names,
        issuers.stream().map(this::issuer).toList());
  }

  private Listen.Issuer issuer(String text) {
    int equals = text.indexOf('=');
    String name = text.substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT);
    if (name.length() > 253 || !NAME.matcher(name).matches()) {
      throw wrong("`" + text + "` names no issuer: --issuer HOST=ADDRESS[:PORT]");
    }
    return new Listen.Issuer(name, address(text.substring(equals + 1), 443));
  }

  private Listen.Address address(String text) {
    return address(text, Listen.TLS_PORT);
  }

  private Listen.Address address(String text, int otherwise) {
    if (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[")) {
      return new Listen.Address(text, otherwise); // an IPv6 address alone
    }
    Matcher parts = BIND.matcher(text);
    if (!parts.matches()) {
      throw wrong("`" + text + "` is no address of a machine: ADDRESS[:PORT]");
    }
    String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
    String after = parts.group(3);
    int its = after == null ? otherwise : Integer.parseInt(after);
    if (its > 65535) {
      throw wrong("a port is a number from 0 to 65535");
    }
    return new Listen.Address(host, its);
  }

  private boolean loopback(Listen.Address address) {
    try {
      return InetAddress.getByName(address.host()).isLoopbackAddress();
    } catch (UnknownHostException _) {
      throw wrong("there is no address " + address.host());
    }
  }

  /** The socket that the variable {@code DOCKER_HOST} names; other hosts than this are not ours. */
  public static Path engine(@Nullable String dockerHost) {
    return dockerHost != null && dockerHost.startsWith("unix:///")
        ? Path.of(dockerHost.substring("unix://".length()))
        : ENGINE;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String region() {
    String named = System.getenv("AWS_REGION");
    return named == null || named.isBlank() ? "us-east-1" : named.strip();
  }

  /** The same options as words of a command line. */
  static List<String> words(ServerOptions options) {
    var words = new ArrayList<String>();
    words.addAll(List.of("--data-dir", options.dataDir().toString()));
    words.addAll(List.of("--port", Integer.toString(options.port()), "--bind", options.bind()));
    options.listen().outward().forEach(a -> words.addAll(List.of("--bind", a.toString())));
    options.listen().names().forEach(name -> words.addAll(List.of("--name", name)));
    options.listen().issuers().forEach(i -> words.addAll(List.of("--issuer", i.toString())));
    if (options.profile() != null) {
      words.addAll(List.of("--profile", options.profile()));
    }
    if (options.rootKey() != null) {
      words.addAll(List.of("--root-key", options.rootKey().toString()));
    }
    words.addAll(List.of("--engine", options.engine().toString()));
    return words;
  }
}
