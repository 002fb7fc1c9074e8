// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.hosts;

import dev.holdfast.app.cli.Target;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ca}: the certificate of the platform's authority, for its clients. */
@Command(
    name = "ca",
    description = {
      "Print the certificate of the platform's own authority, which vouches for its TLS.",
      "For aws: ./holdfast ca >ca.pem, then AWS_CA_BUNDLE=ca.pem. For docker on another machine:",
      "the same file as /etc/docker/certs.d/HOST:PORT/ca.crt."
    })
public final class CaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(names = "--fingerprint", description = "Print its SHA-256 alone.")
  private boolean fingerprint;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var ca = target.get("/ca");
    if (fingerprint) {
      out.println(ca.string("fingerprint"));
    } else {
      out.print(ca.string("certificate"));
    }
    out.flush();
    return 0;
  }
}
