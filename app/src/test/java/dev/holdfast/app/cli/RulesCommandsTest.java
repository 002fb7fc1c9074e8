// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands about rules ask and print. */
class RulesCommandsTest {
  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return HoldfastCommand.commandLine(new CommandLineTest.NoProcesses())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private FakeDoor door(String body) throws IOException {
    new DataDir(dir).create();
    return new FakeDoor(new DataDir(dir).adminSocket(), 200, body);
  }

  private String data() {
    return "--data-dir=" + dir;
  }

  @Test
  void guardrailsAreExplained() throws Exception {
    String answer =
        """
        {"profile":"standard","days":7,"complete":true,"guardrails":[\
        {"id":"image-trusted","practice":10,"text":"images come from here","mode":"enforce",\
        "lately":{"taught":0,"warned":1,"refused":2,"last":"2026-11-26T12:00:00Z",\
        "lastText":"the image x","lastBy":"arn:aws:iam::1:user/ann","lastCall":"RunTask"}},\
        {"id":"image-unchanged","practice":11,"text":"a tag stays","mode":"enforce",\
        "lately":{"taught":0,"warned":0,"refused":0}}],\
        "exceptions":[{"exception":"E1","guardrail":"image-trusted","resource":"docker.io/*",\
        "until":"2026-11-27T12:00:00Z","reason":"a trial"}]}\
        """;
    try (FakeDoor door = door(answer)) {
      assertThat(run("guardrails", data())).isZero();
      assertThat(door.request()).startsWith("POST /guardrails ").endsWith("{\"days\":7}");
    }
    assertThat(out.toString())
        .contains(
            "profile standard: guardrails refuse",
            "image-trusted  (practice 10, mode enforce)",
            "2 refused, 0 would have been refused, 1 let pass by an exception",
            "latest: 2026-11-26T12:00:00Z  RunTask by arn:aws:iam::1:user/ann",
            "last 7 days: nothing",
            "exception E1: image-trusted, resource docker.io/*, until 2026-11-27T12:00:00Z: a trial");
  }

  @Test
  void anExceptionSaysForWhatUntilWhenAndWhy() throws Exception {
    try (FakeDoor door = door("{\"exception\":\"E1\",\"guardrail\":\"g\"}")) {
      assertThat(
              run(
                  "guardrails",
                  "except",
                  "g",
                  "--resource",
                  "a*",
                  "--until",
                  "8h",
                  "--reason",
                  "why",
                  data()))
          .isZero();
      assertThat(door.request())
          .endsWith(
              "{\"guardrail\":\"g\",\"seconds\":28800,\"reason\":\"why\",\"resource\":\"a*\"}");
    }
    assertThat(out.toString()).contains("./holdfast guardrails end E1 --data-dir");
    assertThat(run("guardrails", "except", "g", "--reason", "x", data())).isEqualTo(2);
    assertThat(run("guardrails", "except", "g", "--until", "soon", "--reason", "x", data()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--until is 30m, 8h, 7d");
  }

  @Test
  void quotasAreListedAndSet() throws Exception {
    String answer =
        """
        {"quotas":[{"name":"RolesPerAccount","most":10000,"usual":1000,"highest":100000}]}\
        """;
    try (FakeDoor door = door(answer)) {
      assertThat(run("quota", "RolesPerAccount", "10000", data())).isZero();
      assertThat(door.request()).endsWith("{\"name\":\"RolesPerAccount\",\"most\":10000}");
    }
    assertThat(out.toString()).contains("RolesPerAccount").contains("10000   (AWS: 1000");
    assertThat(run("quota", "RolesPerAccount", data())).isEqualTo(2);
  }

  @Test
  void aRecordOfMoreThanTheAuditKeepsIsToldOf() throws Exception {
    String answer =
        """
        {"role":"clerk","since":"2025-10-22T00:00:00Z","events":3,"complete":true,"beyond":true,\
        "calls":1,"used":["ssm:GetParameter"],"unresolved":[],"replayed":1,"allowed":1,\
        "policies":[]}\
        """;
    try (FakeDoor door = door(answer)) {
      assertThat(run("iam", "shrink", "clerk", "--days", "400", data())).isZero();
      assertThat(door.request()).endsWith("{\"role\":\"clerk\",\"days\":400}");
    }
    assertThat(out.toString()).contains("beyond, no resource is narrowed");
  }

  @Test
  void aRoleWithoutARecordIsNotShrunk() throws Exception {
    String answer =
        """
        {"role":"idle","since":"2026-08-28T00:00:00Z","events":3,"complete":true,"calls":0,\
        "used":[],"unresolved":[],"replayed":0,"allowed":0,"policies":[\
        {"name":"wide","alone":true,"versions":0,"version":"","changed":true,"now":"{}",\
        "changes":[{"statement":"#1","what":"dropped","why":"nothing it allows was used"}]}]}\
        """;
    try (FakeDoor _ = door(answer)) {
      assertThat(run("iam", "shrink", "idle", "--apply", data())).isEqualTo(1);
    }
    assertThat(out.toString()).contains("statement #1 dropped: nothing it allows was used");
    assertThat(out.toString()).doesNotContain("no resource is narrowed");
    assertThat(err.toString()).contains("nothing is on record of the role idle");
  }
}
