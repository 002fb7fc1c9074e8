// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.daily;

import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code webhook ...}: where events are told. */
@Command(
    name = "webhook",
    description = "Tell every event to a receiver of yours by HTTPS: set, show, remove.",
    subcommands = {
      WebhookCommand.Set.class,
      WebhookCommand.Show.class,
      WebhookCommand.Remove.class
    })
public final class WebhookCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  private static String text(JsonObject json, String name) {
    return Printable.line(String.valueOf(json.string(name)));
  }

  /** Sets the receiver. */
  @Command(
      name = "set",
      description = {
        "Tell what happens from now on to a URL, in order and at least once.",
        "Each delivery is a POST with the event as JSON, as EventBridge would have it. The secret is",
        "shown this once: X-Holdfast-Signature is v1= and the HMAC-SHA256, in hex, of the header",
        "X-Holdfast-Time, a full stop and the body."
      })
  static final class Set implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "URL", description = "https, or http on 127.0.0.1.")
    private String url = "";

    @Option(
        names = "--private",
        description = "The receiver may have a private address; without it none is sent to.")
    private boolean near;

    @Override
    public Integer call() {
      JsonObject made =
          target.post("/webhook", JsonObject.EMPTY.with("url", url).with("private", near));
      var out = spec.commandLine().getOut();
      out.println("url     " + text(made, "url"));
      out.println("secret  " + text(made, "secret"));
      out.flush();
      return 0;
    }
  }

  /** Shows how far the telling is. */
  @Command(name = "show", description = "Where events are told, and how far that is.")
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      JsonObject now = target.get("/webhook");
      var out = spec.commandLine().getOut();
      if (now.string("url") == null) {
        out.println("no receiver is set: ./holdfast webhook set URL");
      } else {
        out.println("url      " + text(now, "url"));
        out.println("state    " + (now.isTrue("on") ? "on" : "off since a restore: set it again"));
        out.println("told     " + now.integer("told"));
        out.println("behind   " + now.integer("behind"));
        out.println("given up " + now.integer("givenUp"));
        if (now.string("trouble") != null) {
          out.println("trouble  " + text(now, "trouble"));
        }
      }
      out.flush();
      return 0;
    }
  }

  /** Ends it. */
  @Command(name = "remove", description = "Tell events to nobody.")
  static final class Remove implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      target.post("/webhook/remove", JsonObject.EMPTY);
      spec.commandLine().getOut().println("events are told to nobody");
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
