// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * A platform in a process of its own, with a heap of 256 MB whose exhaustion would be its end, two
 * accounts in it, and what an attack needs.
 */
final class Attacked implements AutoCloseable {
  static final boolean LONG = "attack".equals(System.getenv("HOLDFAST_LONG"));
  static final byte[] IDENTITY =
      "Action=GetCallerIdentity&Version=2011-06-15".getBytes(StandardCharsets.UTF_8);

  private final Killable process;
  private final Raw raw;
  private final List<Socket> sockets = new ArrayList<>();

  /** An account and its administrator. */
  record Account(String id, Credentials administrator) {
    static Account of(JsonObject said) {
      return new Account(
          Harbor.text(said, "account"),
          new Credentials(Harbor.text(said, "key"), Harbor.text(said, "secret"), null));
    }

    Raw.As as(String service) {
      return new Raw.As(administrator, Harbor.REGION.name(), service);
    }
  }

  private Attacked(Killable process) {
    this.process = process;
    this.raw = new Raw(process.url());
  }

  static Attacked start(Path dir) throws IOException {
    return new Attacked(Killable.start(Files.createDirectories(dir), List.of()));
  }

  Account account() throws IOException {
    return Account.of(process.ask("account"));
  }

  Raw raw() {
    return raw;
  }

  Killable process() {
    return process;
  }

  JsonObject vitals() throws IOException {
    return process.ask("vitals");
  }

  /** A connection that has sent these bytes; it is closed with this. */
  Socket open(byte[] bytes) throws IOException {
    var socket = new Socket(process.url().getHost(), process.url().getPort());
    sockets.add(socket);
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException _) {
      // Refused before all of it was read, which is what this is about.
    }
    return socket;
  }

  /** Closes what {@link #open} opened. */
  void leave() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  /** What {@code count} attackers get who all ask at once. */
  static List<Raw.Answer> atOnce(int count, IntFunction<Raw.Answer> attack) {
    var answers = new ArrayList<Raw.Answer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Raw.Answer>>();
      for (int i = 0; i < count; i++) {
        int number = i;
        running.add(threads.submit(() -> attack.apply(number)));
      }
      for (Future<Raw.Answer> one : running) {
        answers.add(one.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return answers;
  }

  /** Whether somebody else is answered as if nothing happened. */
  boolean serves(Account account) {
    Raw.Answer answer = raw.form(account.as("sts"), new String(IDENTITY, StandardCharsets.UTF_8));
    return answer.status() == 200 && answer.text().contains(account.id());
  }

  /** A registry's password for an account, as the header has it. */
  String login(Account account) {
    Raw.Answer answer =
        raw.json(
            account.as("ecr"),
            "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
            "{}".getBytes(StandardCharsets.UTF_8));
    String body = answer.text().substring(answer.text().indexOf("\r\n\r\n") + 4);
    var data = (JsonObject) Json.parseObject(body).array("authorizationData").getFirst();
    String token = Harbor.text(data, "authorizationToken");
    byte[] _ = Base64.getDecoder().decode(token);
    return "Basic " + token;
  }

  @Override
  public void close() throws IOException {
    leave();
    process.close();
  }
}
