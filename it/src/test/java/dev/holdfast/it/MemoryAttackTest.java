// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.kit.Hashes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is small on the wire and large in memory, or asks for more than it sends. The server has 256
 * MB; each test ends with an honest call that is answered.
 */
@Timeout(600)
class MemoryAttackTest {
  private static final int BODY = 2 * 1024 * 1024;
  private static final int MANIFEST = 4 * 1024 * 1024;
  private static final String ECS = "AmazonEC2ContainerServiceV20141113.";
  private static final String PUT_PARAMETER = "AmazonSSM.PutParameter";
  private static final String CREATE_REPOSITORY =
      "AmazonEC2ContainerRegistry_V20150921.CreateRepository";
  private static final int AT_ONCE = Attacked.LONG ? 64 : 12;

  @TempDir static Path folder;

  private static Attacked attacked;
  private static Attacked.Account attacker;
  private static Attacked.Account other;
  private static String login;

  @BeforeAll
  static void start() throws IOException {
    attacked = Attacked.start(folder.resolve("data"));
    attacker = attacked.account();
    other = attacked.account();
    assertThat(json("ecr", CREATE_REPOSITORY, "{\"repositoryName\":\"team/web\"}").status())
        .isEqualTo(200);
    login = attacked.login(attacker);
  }

  @AfterAll
  static void stop() throws IOException {
    attacked.close();
  }

  @AfterEach
  void othersAreServed() throws IOException {
    attacked.leave();
    assertThat(attacked.serves(other)).isTrue();
    Long heap = attacked.vitals().integer("heap");
    assertThat(heap).isNotNull().isLessThan(100L << 20);
  }

  private static Raw.Answer json(String service, String target, String body) {
    return attacked.raw().json(attacker.as(service), target, body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] filled(int size, String head, String unit, String tail) {
    byte[] bytes = new byte[size];
    byte[] repeated = unit.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < size; i++) {
      bytes[i] = repeated[i % repeated.length];
    }
    byte[] first = head.getBytes(StandardCharsets.UTF_8);
    byte[] last = tail.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(first, 0, bytes, 0, first.length);
    System.arraycopy(last, 0, bytes, size - last.length, last.length);
    return bytes;
  }

  @Test
  void bodiesOfStrangersThatAreAnnouncedAndHeldBack() throws IOException {
    byte[] head =
        ("POST / HTTP/1.1\r\nHost: "
                + attacked.raw().authority()
                + "\r\nContent-Length: "
                + BODY
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] most = Arrays.copyOf(head, head.length + BODY - 100);
    for (int i = 0; i < (Attacked.LONG ? 1000 : 200); i++) {
      var _ = attacked.open(most);
      if (i % 50 == 49) {
        assertThat(attacked.serves(other)).isTrue();
      }
    }
  }

  @Test
  void formsOfManyNames() {
    byte[] names = new byte[BODY - 10];
    for (int i = 0; i + 4 <= names.length; i += 4) {
      names[i] = '&';
      names[i + 1] = (byte) ('A' + i / 4 % 26);
      names[i + 2] = (byte) ('A' + i / 104 % 26);
      names[i + 3] = (byte) ('A' + i / 2704 % 26);
    }
    List<Raw.Answer> answers =
        Attacked.atOnce(AT_ONCE, _ -> attacked.raw().send("POST", "/", List.of(), names));
    assertThat(answers).allMatch(answer -> answer.status() / 100 == 4 || answer.status() == 503);
    assertThat(answers).anyMatch(answer -> answer.status() == 400);
  }

  @Test
  void documentsOfAMillionMembers() {
    var members = new StringBuilder("{");
    for (int i = 0; members.length() < BODY - 40; i++) {
      members.append('"').append(Integer.toString(i, 36)).append("\":0,");
    }
    byte[] unknown = members.append("\"z\":0}").toString().getBytes(StandardCharsets.UTF_8);
    byte[] brackets = filled(BODY - 8, "{\"Tags\":[", "{},", "{}]}");
    byte[] nested = filled(BODY - 8, "{\"Tags\":", "[", "[");
    List<Raw.Answer> answers =
        Attacked.atOnce(
            AT_ONCE,
            i ->
                attacked
                    .raw()
                    .json(
                        attacker.as("ssm"),
                        PUT_PARAMETER,
                        i % 3 == 0 ? unknown : i % 3 == 1 ? brackets : nested));
    assertThat(answers).allMatch(answer -> answer.status() == 400 || answer.status() == 503);
    assertThat(answers).anyMatch(answer -> answer.text().contains("SerializationException"));
  }

  @Test
  void manifestsThatAreAllBrackets() {
    byte[] objects = filled(MANIFEST, "{\"schemaVersion\":2,\"layers\":[", "{},", "{}]}");
    byte[] members = filled(MANIFEST, "{\"schemaVersion\":2,\"layers\":[", "{\"a\":0},", "{}]}");
    List<Raw.Answer> answers =
        Attacked.atOnce(
            AT_ONCE,
            i ->
                attacked
                    .raw()
                    .send(
                        "PUT",
                        "/v2/team/web/manifests/x",
                        List.of(new Header("Authorization", login)),
                        i % 2 == 0 ? objects : members));
    assertThat(answers).allMatch(answer -> answer.status() == 400 || answer.status() == 429);
    assertThat(answers).anyMatch(answer -> answer.text().contains("MANIFEST_INVALID"));
  }

  @Test
  void textsThatPatternsGoDownOn() {
    String name = "a/".repeat(400_000) + "a";
    Raw.Answer repository = json("ecr", CREATE_REPOSITORY, "{\"repositoryName\":\"" + name + "\"}");
    assertThat(repository.status()).isEqualTo(400);
    Raw.Answer policy =
        attacked
            .raw()
            .form(
                attacker.as("iam"),
                "Action=CreatePolicy&Version=2010-05-08&PolicyName=p&PolicyDocument=%7B%7D&Path="
                    + "/a".repeat(400_000)
                    + "/");
    assertThat(policy.status()).isEqualTo(400);
    assertThat(policy.text()).contains("ValidationError");
    assertThat(json("ecr", CREATE_REPOSITORY, "{\"repositoryName\":\"a/b/c\"}").status())
        .isIn(200, 400);
  }

  @Test
  void halfACharacterIsNoText() {
    String put = "{\"Name\":\"/half\",\"Value\":\"%s\",\"Type\":\"String\",\"Overwrite\":true}";
    for (String half : List.of("\\ud800", "\\udc00x", "a\\ud83d\\u0041")) {
      Raw.Answer answer = json("ssm", PUT_PARAMETER, put.formatted(half));
      assertThat(answer.status()).as(half).isEqualTo(400);
      assertThat(answer.text()).contains("SerializationException");
    }
    assertThat(json("ssm", PUT_PARAMETER, put.formatted("\\ud83d\\ude00")).status()).isEqualTo(200);
  }

  @Test
  void listsOfMoreThanAnyCallIsFor() {
    var tasks = new StringBuilder("{\"tasks\":[\"0\"");
    for (int i = 1; i < 20_000; i++) {
      tasks.append(",\"").append(i).append('"');
    }
    Raw.Answer answer = json("ecs", ECS + "DescribeTasks", tasks.append("]}").toString());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("Tasks list cannot have more than 100 elements.");
    assertThat(json("ecs", ECS + "DescribeTasks", "{\"tasks\":[\"0\"]}").text())
        .contains("ClusterNotFoundException");
  }

  @Test
  void rowsThatManyWouldBeReadOfAtOnce() {
    String large = "x".repeat(100_000);
    Raw.Answer definition =
        json(
            "ecs",
            ECS + "RegisterTaskDefinition",
            "{\"family\":\"f\",\"containerDefinitions\":[{\"name\":\"c\",\"image\":\"i\",\"memory\":64,"
                + "\"environment\":[{\"name\":\"A\",\"value\":\"%s\"}]}]}".formatted(large));
    assertThat(definition.text())
        .contains("ClientException")
        .contains("Max allowed length is '65536' bytes.");
    Raw.Answer reason =
        json("ecs", ECS + "StopTask", "{\"task\":\"t\",\"reason\":\"%s\"}".formatted(large));
    assertThat(reason.text()).contains("reason must be at most 255 characters long");
    assertThat(json("ecs", ECS + "StopTask", "{\"task\":\"t\",\"reason\":\"r\"}").text())
        .contains("ClusterNotFoundException");
  }

  @Test
  void aMalformedChunkIsTheSendersFault() {
    String head =
        "POST /v2/team/web/blobs/uploads/?digest=sha256:"
            + "0".repeat(64)
            + " HTTP/1.1\r\nHost: "
            + attacked.raw().authority()
            + "\r\nAuthorization: "
            + login
            + "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    Raw.Answer answer = attacked.raw().text(head + "5\r\nhello\r\nzz\r\nworld\r\n0\r\n\r\n");
    assertThat(answer.status()).isIn(0, 400);
    assertThat(attacked.raw().text(head + "5\r\nhello\r\n0\r\n\r\n").text())
        .contains("DIGEST_INVALID");
  }

  /** Ten megabytes of one byte between a head and a tail: ten kilobytes on the wire. */
  private static byte[] bomb(String head, char filler, String tail) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(head.getBytes(StandardCharsets.UTF_8));
      byte[] fill = new byte[10 << 20];
      Arrays.fill(fill, (byte) filler);
      gzip.write(fill);
      gzip.write(tail.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(out.size()).isLessThan(20_000);
    return out.toByteArray();
  }

  private static final Header GZIP = new Header("Content-Encoding", "gzip");

  /** Decompressed, each of these is a good call; its signature is of the bytes that are sent. */
  @Test
  void nothingIsDecompressed() throws IOException {
    byte[] json = bomb("{\"Filters\":[]", ' ', "}");
    Raw.Answer listed =
        attacked.raw().json(attacker.as("ssm"), "AmazonSSM.DescribeParameters", json, GZIP);
    assertThat(listed.status()).isEqualTo(400);
    assertThat(listed.text()).contains("SerializationException");
    assertThat(json("ssm", "AmazonSSM.DescribeParameters", "{\"Filters\":[]}").status())
        .isEqualTo(200);

    byte[] form = bomb("Action=GetCallerIdentity&Version=2011-06-15&X=", '0', "");
    Raw.Answer identity = attacked.raw().form(attacker.as("sts"), form, GZIP);
    assertThat(identity.status()).isBetween(400, 404);
    assertThat(identity.text()).doesNotContain(attacker.id());

    byte[] manifest = bomb("{\"schemaVersion\":2", ' ', "}");
    Raw.Answer put =
        attacked
            .raw()
            .send(
                "PUT",
                "/v2/team/web/manifests/x",
                List.of(new Header("Authorization", login), GZIP),
                manifest);
    assertThat(put.status()).isEqualTo(400);
    assertThat(put.text()).contains("MANIFEST_INVALID");
  }

  /** A blob is its bytes, whatever the sender says of them. */
  @Test
  void aBlobIsKeptAsItIsSent() throws IOException {
    byte[] blob = bomb("", '0', "");
    for (String digest :
        List.of(Hashes.sha256Hex(new byte[0]), Hashes.sha256Hex(zeros()), Hashes.sha256Hex(blob))) {
      Raw.Answer answer =
          attacked
              .raw()
              .send(
                  "POST",
                  "/v2/team/web/blobs/uploads/?digest=sha256:" + digest,
                  List.of(new Header("Authorization", login), GZIP),
                  blob);
      if (digest.equals(Hashes.sha256Hex(blob))) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      } else {
        assertThat(answer.text()).contains("DIGEST_INVALID");
      }
    }
  }

  private static byte[] zeros() {
    byte[] zeros = new byte[10 << 20];
    Arrays.fill(zeros, (byte) '0');
    return zeros;
  }
}
