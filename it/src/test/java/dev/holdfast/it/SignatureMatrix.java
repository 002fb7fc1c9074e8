// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.it.Draft.Pen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * The ways to send a call that must be served, and those that must not, whatever the service. Each
 * is made from the same call and a pen that signs it well.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html">Troubleshoot
 *     signed requests</a>
 */
final class SignatureMatrix {
  static final String WRONG = "SignatureDoesNotMatch";
  static final String INCOMPLETE = "IncompleteSignature";
  static final String MISSING = "MissingAuthenticationToken";
  static final String UNKNOWN = "InvalidClientTokenId";

  /** The code is empty where the call is served. */
  record Case(String name, String code, BiFunction<Draft, Pen, Draft> make) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final Instant now;
  private final List<Case> cases = new ArrayList<>();

  private SignatureMatrix(Instant now) {
    this.now = now;
  }

  /** All cases, for a door whose clock stands still. */
  static List<Case> at(Instant now) {
    var matrix = new SignatureMatrix(now);
    matrix.good();
    matrix.altered();
    matrix.headers();
    matrix.scopes();
    matrix.clock();
    matrix.payloads();
    matrix.malformed();
    matrix.both();
    matrix.keys();
    return matrix.cases;
  }

  private void served(String name, BiFunction<Draft, Pen, Draft> make) {
    cases.add(new Case(name, "", make));
  }

  private void refused(String name, String code, BiFunction<Draft, Pen, Draft> make) {
    cases.add(new Case(name, code, make));
  }

  private void good() {
    served("as it should be", Draft::signed);
    served("one more signed header", (d, p) -> d.and("X-Amz-Extra", "a,  b\tc").signed(p));
    served("one more header, unsigned", (d, p) -> d.signed(p).and("Accept", "*/*"));
    served(
        "a header twice, signed in order",
        (d, p) -> d.and("My-Header", "b").and("My-Header", "a").signed(p));
    served("names of headers in capitals", (d, p) -> d.and("MY-HEADER", "X").signed(p));
    served("spaces around values", (d, p) -> d.and("My-Header", "  a   b  ").signed(p));
    served(
        "the authorization without spaces",
        (d, p) -> reworded(d.signed(p), d.signed(p).authorization().replace(", ", ",")));
    served(
        "its parts in another order",
        (d, p) -> {
          Draft signed = d.signed(p);
          String[] parts = signed.authorization().substring(17).split(", ", -1);
          return reworded(
              signed, "AWS4-HMAC-SHA256 " + parts[2] + ", " + parts[1] + ", " + parts[0]);
        });
    served(
        "a Date field in place of X-Amz-Date",
        (d, p) -> d.and("Date", p.date()).signed(p, names(d.and("Date", "")), hash(d)));
    served(
        "the body's hash in its header",
        (d, p) -> d.and("X-Amz-Content-Sha256", hash(d)).signed(p));
    served("a body in chunks", (d, p) -> chunked(d.signed(p)));
    served("in another region", (d, p) -> d.signed(p.region("eu-central-1")));
  }

  private static Draft reworded(Draft signed, String authorization) {
    return signed.set("Authorization", authorization);
  }

  private static NavigableSet<String> names(Draft draft) {
    var names = new TreeSet<String>();
    draft.fields().forEach(f -> names.add(f.name().toLowerCase(java.util.Locale.ROOT)));
    return names;
  }

  private static String hash(Draft draft) {
    return Draft.sha256(Draft.utf8(draft.body()));
  }

  private static Draft chunked(Draft draft) {
    int half = draft.body().length() / 2;
    var chunks = new StringBuilder();
    for (String part : List.of(draft.body().substring(0, half), draft.body().substring(half))) {
      if (!part.isEmpty()) {
        chunks
            .append(Integer.toHexString(part.length()))
            .append("\r\n")
            .append(part)
            .append("\r\n");
      }
    }
    return draft.and("Transfer-Encoding", "chunked").body(chunks + "0\r\n\r\n");
  }

  private void altered() {
    refused("another method", WRONG, (d, p) -> d.signed(p).method("PUT"));
    refused("a method in small letters", WRONG, (d, p) -> d.signed(p).method("post"));
    refused("a query where none was", WRONG, (d, p) -> d.signed(p).query("a=1"));
    refused("a name without value added", WRONG, (d, p) -> d.signed(p).query("a"));
    refused("another byte in the body", WRONG, (d, p) -> d.signed(p).body(changed(d.body())));
    refused("a body cut short", WRONG, (d, p) -> d.signed(p).body(cut(d.body())));
    refused("a body with a space more", WRONG, (d, p) -> d.signed(p).body(d.body() + " "));
    refused("no body", WRONG, (d, p) -> d.signed(p).body(d.body().isEmpty() ? "x" : ""));
    refused(
        "another signature",
        WRONG,
        (d, p) -> {
          Draft signed = d.signed(p);
          String authorization = signed.authorization();
          char last = authorization.charAt(authorization.length() - 1);
          return reworded(signed, cut(authorization) + (last == '0' ? '1' : '0'));
        });
    refused("another host", WRONG, (d, p) -> d.signed(p).set("Host", "other.example"));
  }

  private static String cut(String text) {
    return text.substring(0, Math.max(0, text.length() - 1));
  }

  private static String changed(String body) {
    return body.isEmpty() ? "x" : (body.charAt(0) == '{' ? "[" : "B") + body.substring(1);
  }

  private void headers() {
    refused(
        "a signed header of another value",
        WRONG,
        (d, p) -> d.and("X-Amz-Extra", "a").signed(p).set("X-Amz-Extra", "b"));
    refused(
        "a signed header left out",
        WRONG,
        (d, p) -> d.and("X-Amz-Extra", "a").signed(p).without("X-Amz-Extra"));
    refused(
        "a signed header in two",
        WRONG,
        (d, p) ->
            d.and("X-Amz-Extra", "a,b")
                .signed(p)
                .without("X-Amz-Extra")
                .and("X-Amz-Extra", "a")
                .and("X-Amz-Extra", "b"));
    refused(
        "two signed headers in another order",
        WRONG,
        (d, p) ->
            d.and("My-Header", "a")
                .and("My-Header", "b")
                .signed(p)
                .without("My-Header")
                .and("My-Header", "b")
                .and("My-Header", "a"));
    refused("an unsigned x-amz header", WRONG, (d, p) -> d.signed(p).and("X-Amz-Extra", "1"));
    refused("a second date", INCOMPLETE, (d, p) -> d.signed(p).and("X-Amz-Date", p.date()));
    refused(
        "a second field of a signed name",
        WRONG,
        (d, p) -> d.and("My-Header", "a").signed(p).and("My-Header", "b"));
    refused(
        "a second content type", WRONG, (d, p) -> d.signed(p).and("Content-Type", "text/plain"));
    refused("another content type", WRONG, (d, p) -> d.signed(p).set("Content-Type", "text/plain"));
    for (String name : new String[] {"host", "x-amz-date"}) {
      refused(
          name + " not signed",
          WRONG,
          (d, p) -> {
            Draft dated = d.and("X-Amz-Date", p.date());
            NavigableSet<String> names = names(dated);
            names.remove(name);
            return dated.signed(p, names, hash(d));
          });
    }
    refused(
        "a header signed that is not there",
        WRONG,
        (d, p) -> {
          Draft dated = d.and("X-Amz-Date", p.date());
          NavigableSet<String> names = names(dated);
          names.add("zz-absent");
          return dated.signed(p, names, hash(d));
        });
  }

  private void scopes() {
    refused("the day before in the scope", WRONG, (d, p) -> d.signed(p.day(day(-1))));
    refused("the day after in the scope", WRONG, (d, p) -> d.signed(p.day(day(1))));
    refused("no day in the scope", WRONG, (d, p) -> d.signed(p.day("")));
    refused("half a day in the scope", WRONG, (d, p) -> d.signed(p.day(p.day().substring(0, 4))));
    refused("a whole date as the day", WRONG, (d, p) -> d.signed(p.day(p.date())));
    for (String region : new String[] {"", "..", "US-EAST-1", "us east", "*"}) {
      refused("the region '" + region + "'", WRONG, (d, p) -> d.signed(p.region(region)));
    }
    refused(
        "another region than was signed",
        WRONG,
        (d, p) ->
            reworded(
                d.signed(p),
                d.signed(p).authorization().replace("/" + p.region() + "/", "/eu-north-1/")));
    for (String service : new String[] {"", "s3", "execute-api", "*"}) {
      refused("the service '" + service + "'", WRONG, (d, p) -> d.signed(p.service(service)));
    }
    for (String end : new String[] {"", "aws5_request", "AWS4_REQUEST", "aws4_request "}) {
      refused("the end '" + end + "'", WRONG, (d, p) -> d.signed(p.end(end)));
    }
    refused("a part more in the scope", INCOMPLETE, (d, p) -> d.signed(p.end("aws4_request/x")));
    refused(
        "a part less in the scope",
        INCOMPLETE,
        (d, p) ->
            reworded(
                d.signed(p), d.signed(p).authorization().replace("/" + p.region() + "/", "/")));
  }

  private String day(int days) {
    return Pen.at(now.plus(Duration.ofDays(days)), NOBODY, "", "").day();
  }

  private static final Credentials NOBODY =
      new Credentials("AKIA" + "Z".repeat(16), "w".repeat(40), null);

  private Pen moved(Pen pen, Duration by) {
    return Pen.at(now.plus(by), pen.keys(), pen.region(), pen.service());
  }

  private void clock() {
    Duration edge = Duration.ofMinutes(5);
    served("five minutes old", (d, p) -> d.signed(moved(p, edge.negated())));
    served("five minutes ahead", (d, p) -> d.signed(moved(p, edge)));
    refused("a second older", WRONG, (d, p) -> d.signed(moved(p, edge.negated().minusSeconds(1))));
    refused("a second further ahead", WRONG, (d, p) -> d.signed(moved(p, edge.plusSeconds(1))));
    refused("a year old", WRONG, (d, p) -> d.signed(moved(p, Duration.ofDays(-366))));
    for (String date :
        new String[] {
          "",
          "now",
          "2026-11-26T00:00:00Z",
          "20261126T000000",
          "20261131T000000Z",
          "20261126T250000Z",
          "+20261126T000000Z",
          "Thu, 26 Nov 2026 00:00:00 GMT"
        }) {
      refused("the date '" + date + "'", INCOMPLETE, (d, p) -> d.signed(p.date(date)));
    }
    refused("no date", INCOMPLETE, (d, p) -> d.signed(p).without("X-Amz-Date"));
  }

  private void payloads() {
    for (String hash :
        new String[] {
          "UNSIGNED-PAYLOAD",
          "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
          "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
          "",
          Draft.sha256(new byte[] {1})
        }) {
      refused(
          "the payload '" + (hash.length() > 40 ? "of another hash" : hash) + "'",
          WRONG,
          (d, p) -> {
            Draft said = d.and("X-Amz-Content-Sha256", hash).and("X-Amz-Date", p.date());
            return said.signed(p, names(said), hash);
          });
    }
    refused(
        "two hashes of the payload",
        WRONG,
        (d, p) ->
            d.and("X-Amz-Content-Sha256", hash(d)).and("X-Amz-Content-Sha256", hash(d)).signed(p));
  }

  private void malformed() {
    refused("nothing at all", MISSING, (d, p) -> d);
    for (String authorization :
        new String[] {
          "",
          "AWS4-HMAC-SHA256",
          "Bearer x",
          "Basic QVdTOng=",
          "AWS AKIA:signature",
          "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=" + "0".repeat(64)
        }) {
      refused(
          "the authorization '" + authorization + "'",
          INCOMPLETE,
          (d, p) -> d.and("X-Amz-Date", p.date()).and("Authorization", authorization));
    }
    change("another algorithm", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512");
    change("the algorithm of many regions", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
    change("the algorithm in small letters", "AWS4-HMAC-SHA256", "aws4-hmac-sha256");
    change("no credential", "Credential=", "Kredential=");
    change("no signed headers", "SignedHeaders=", "Headers=");
    change("no signature", "Signature=", "S=");
    change("a part given twice", "SignedHeaders=", "Credential=x, SignedHeaders=");
    change("headers not sorted", "SignedHeaders=", "SignedHeaders=zz;");
    change("a header twice in the list", "SignedHeaders=", "SignedHeaders=content-type;");
    change("a header's name in capitals", "host", "Host");
    change("an empty name in the list", "SignedHeaders=", "SignedHeaders=;");
    change("a signature of 65 digits", "Signature=", "Signature=0");
    change("a signature that is no number", "Signature=", "Signature=zz");
    refused(
        "a signature in capitals",
        INCOMPLETE,
        (d, p) -> {
          Draft signed = d.signed(p);
          int at = signed.authorization().indexOf("Signature=") + 10;
          return reworded(
              signed,
              signed.authorization().substring(0, at)
                  + "ABCDEF"
                  + signed.authorization().substring(at + 6));
        });
    refused(
        "two authorizations",
        INCOMPLETE,
        (d, p) -> d.signed(p).and("Authorization", d.signed(p).authorization()));
  }

  private void change(String name, String from, String to) {
    refused(
        name,
        INCOMPLETE,
        (d, p) -> reworded(d.signed(p), d.signed(p).authorization().replace(from, to)));
  }

  private void both() {
    refused(
        "signed in the header and the query", INCOMPLETE, (d, p) -> d.presigned(p, "60").signed(p));
    for (String query :
        new String[] {
          "X-Amz-Signature=" + "0".repeat(64),
          "X-Amz-Signature",
          "X-Amz-Algorithm=AWS4-HMAC-SHA256",
          "X-Amz-Sign%61ture=0"
        }) {
      refused(
          "signed in the header, with " + query, INCOMPLETE, (d, p) -> d.signed(p).query(query));
    }
  }

  private void keys() {
    refused("a key that nobody has", UNKNOWN, (d, p) -> d.signed(p.keys(NOBODY)));
    refused(
        "another secret",
        WRONG,
        (d, p) -> d.signed(p.keys(new Credentials(p.keys().accessKeyId(), "w".repeat(40), null))));
    refused(
        "a lasting key with a session token",
        UNKNOWN,
        (d, p) ->
            d.signed(
                p.keys(
                    new Credentials(p.keys().accessKeyId(), p.keys().secretAccessKey(), "token"))));
    refused(
        "a lasting key with an empty token",
        UNKNOWN,
        (d, p) -> d.and("X-Amz-Security-Token", "").signed(p));
    refused(
        "the id of a key in small letters",
        UNKNOWN,
        (d, p) ->
            d.signed(
                p.keys(
                    new Credentials(
                        p.keys().accessKeyId().toLowerCase(java.util.Locale.ROOT),
                        p.keys().secretAccessKey(),
                        null))));
  }
}
