// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A secret that is searched for, in every form that it may lie in: as it is, in UTF-16, base64 at
 * each of three offsets, hexadecimal, URL-encoded, escaped as JSON, and any of these compressed.
 *
 * @param name what it is, for people
 */
record Needle(String name, Map<String, byte[]> forms) {
  private static final int MOST_INFLATED = 8 << 20;
  private static final int BASE64_UNIT = 3;

  static Needle of(String name, String secret) {
    Needle needle = of(name, secret.getBytes(StandardCharsets.UTF_8));
    needle.forms.put("UTF-16", secret.getBytes(StandardCharsets.UTF_16LE));
    needle.forms.put("UTF-16BE", secret.getBytes(StandardCharsets.UTF_16BE));
    String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    needle.text("URL", url);
    needle.text("URL with %20", url.replace("+", "%20"));
    String json = Json.text(new JsonString(secret));
    needle.text("JSON", json.substring(1, json.length() - 1));
    String twice = Json.text(new JsonString(json.substring(1, json.length() - 1)));
    needle.text("JSON in JSON", twice.substring(1, twice.length() - 1));
    needle.text("JSON with \\/", json.substring(1, json.length() - 1).replace("/", "\\/"));
    return needle;
  }

  static Needle of(String name, byte[] secret) {
    var needle = new Needle(name, new LinkedHashMap<>());
    needle.forms.put("plain", secret);
    needle.text("hex", HexFormat.of().formatHex(secret));
    needle.text("HEX", HexFormat.of().withUpperCase().formatHex(secret));
    for (int offset = 0; offset < BASE64_UNIT; offset++) {
      needle.text("base64 at " + offset, inside(Base64.getEncoder(), secret, offset));
      needle.text("base64url at " + offset, inside(Base64.getUrlEncoder(), secret, offset));
    }
    return needle;
  }

  /** Of a base64 text with the secret at an offset: the part that is the same in any company. */
  private static String inside(Base64.Encoder encoder, byte[] secret, int offset) {
    byte[] shifted = new byte[offset + secret.length];
    System.arraycopy(secret, 0, shifted, offset, secret.length);
    String text = encoder.withoutPadding().encodeToString(shifted);
    int from = offset == 0 ? 0 : offset + 1;
    int to = text.length() - (shifted.length % BASE64_UNIT == 0 ? 0 : 1);
    return text.substring(from, to);
  }

  private void text(String form, String text) {
    forms.put(form, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The form in which it lies in these bytes, or in something compressed among them. */
  Optional<String> in(byte[] hay) {
    return in(layers(hay));
  }

  /** As {@link #in(byte[])}, of bytes that were unpacked before. */
  Optional<String> in(List<byte[]> layers) {
    for (int i = 0; i < layers.size(); i++) {
      Optional<String> found = lies(layers.get(i));
      if (found.isPresent()) {
        return i == 0 ? found : found.map(form -> form + ", compressed");
      }
    }
    return Optional.empty();
  }

  /** The bytes themselves, then whatever begins in them as gzip or zlib. */
  static List<byte[]> layers(byte[] hay) {
    var layers = new ArrayList<byte[]>();
    layers.add(hay);
    for (int at = 0; at < hay.length - 2; at++) {
      byte[] inflated = inflated(hay, at);
      if (inflated.length > 0) {
        layers.add(inflated);
      }
    }
    return layers;
  }

  private Optional<String> lies(byte[] hay) {
    String latin = new String(hay, StandardCharsets.ISO_8859_1);
    return forms.entrySet().stream()
        .filter(form -> latin.contains(new String(form.getValue(), StandardCharsets.ISO_8859_1)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What begins at an offset as gzip or zlib, as far as it can be read; else nothing. */
  private static byte[] inflated(byte[] hay, int at) {
    int first = hay[at] & 0xff;
    int second = hay[at + 1] & 0xff;
    boolean gzip = first == 0x1f && second == 0x8b && hay[at + 2] == 8;
    boolean zlib = first == 0x78 && (first << 8 | second) % 31 == 0;
    if (!gzip && !zlib) {
      return new byte[0];
    }
    var inflater = new Inflater(gzip);
    int from = at + (gzip ? gzipHeader(hay, at) : 0);
    var out = new ByteArrayOutputStream();
    try {
      inflater.setInput(hay, from, hay.length - from);
      byte[] buffer = new byte[8192];
      while (!inflater.finished() && out.size() < MOST_INFLATED) {
        int n = inflater.inflate(buffer);
        if (n == 0) {
          break;
        }
        out.write(buffer, 0, n);
      }
    } catch (DataFormatException | IllegalArgumentException | IndexOutOfBoundsException _) {
      // what was read until then is looked at
    } finally {
      inflater.end();
    }
    return out.toByteArray();
  }

  /** The length of a gzip member's header (RFC 1952), with its name and comment. */
  private static int gzipHeader(byte[] hay, int at) {
    int flags = hay[Math.min(hay.length - 1, at + 3)];
    int length = 10;
    for (int flag : new int[] {8, 16}) {
      while ((flags & flag) != 0 && at + length < hay.length && hay[at + length++] != 0) {
        // to the end of the text
      }
    }
    return Math.min(length, hay.length - at);
  }

  @Override
  public String toString() {
    return name + " " + Arrays.toString(forms.keySet().toArray());
  }
}
