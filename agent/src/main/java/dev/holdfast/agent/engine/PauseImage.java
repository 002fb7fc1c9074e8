// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import dev.holdfast.kit.Hashes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The image of the container that holds a task's shared namespaces: one file, a program of a few
 * machine instructions that ignores SIGCHLD, so that the kernel reaps what it inherits, and waits.
 * It is made here, since a host may have no registry to pull it from.
 */
final class PauseImage {
  static final String REPOSITORY = "holdfast-pause";

  /** The program's path in the image. */
  static final String PROGRAM = "/pause";

  private static final int HEADERS = 64 + 56;
  private static final long BASE = 0x400000;

  /**
   * x86-64: {@code rt_sigaction(SIGCHLD, {SIG_IGN}, 0, 8)}, then {@code pause()} for ever; the
   * structure follows the code.
   */
  private static final String X86_64 =
      "b80d000000" // mov eax, 13
          + "bf11000000" // mov edi, 17
          + "488d3517000000" // lea rsi, [rip + 23]
          + "31d2" // xor edx, edx
          + "41ba08000000" // mov r10d, 8
          + "0f05" // syscall
          + "b822000000" // mov eax, 34
          + "0f05" // syscall
          + "ebf7" // jmp -9
          + "90909090"; // to a multiple of 8

  /** AArch64: {@code rt_sigaction} likewise, then {@code ppoll(0, 0, 0, 0, 8)} for ever. */
  private static final String AARCH64 =
      "d28010c8" // mov x8, #134
          + "d2800220" // mov x0, #17
          + "100001c1" // adr x1, #56
          + "d2800002" // mov x2, #0
          + "d2800103" // mov x3, #8
          + "d4000001" // svc #0
          + "d2800000" // mov x0, #0
          + "d2800001" // mov x1, #0
          + "d2800002" // mov x2, #0
          + "d2800003" // mov x3, #0
          + "d2800104" // mov x4, #8
          + "d2800928" // mov x8, #73
          + "d4000001" // svc #0
          + "17fffff9" // b -28
          + "d503201f" // nop
          + "d503201f"; // nop

  private PauseImage() {}

  /** The image's one layer, a tar archive. */
  static byte[] layer(String architecture) {
    byte[] program = program(architecture);
    var tar = new ByteArrayOutputStream();
    tar.writeBytes(head(PROGRAM.substring(1), program.length));
    tar.writeBytes(program);
    tar.writeBytes(new byte[(512 - program.length % 512) % 512 + 1024]);
    return tar.toByteArray();
  }

  /** The layer's content by which the image is known: anybody may give an image any name. */
  static String digest(byte[] layer) {
    return "sha256:" + Hashes.sha256Hex(layer);
  }

  private static byte[] program(String architecture) {
    boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
    byte[] code = HexFormat.of().parseHex(arm ? AARCH64 : X86_64);
    byte[] text = arm ? swapped(code) : code;
    byte[] action = new byte[32];
    action[0] = 1; // SIG_IGN
    int size = HEADERS + text.length + action.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2).putShort((short) (arm ? 0xb7 : 0x3e)).putInt(1);
    elf.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
    elf.putLong(size).putLong(size).putLong(0x1000);
    elf.put(text).put(action);
    return elf.array();
  }

  /** Instructions are written as numbers above and lie with their lowest byte first. */
  private static byte[] swapped(byte[] code) {
    byte[] swapped = Arrays.copyOf(code, code.length);
    for (int i = 0; i < code.length; i += 4) {
      for (int j = 0; j < 4; j++) {
        swapped[i + j] = code[i + 3 - j];
      }
    }
    return swapped;
  }

  private static byte[] head(String name, int length) {
    byte[] head = new byte[512];
    put(head, 0, name);
    put(head, 100, "0000555");
    put(head, 108, "0000000");
    put(head, 116, "0000000");
    put(head, 124, String.format(Locale.ROOT, "%011o", length));
    put(head, 136, "00000000000");
    put(head, 148, "        ");
    head[156] = '0';
    put(head, 257, "ustar");
    put(head, 263, "00");
    int sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    put(head, 148, String.format(Locale.ROOT, "%06o", sum));
    head[154] = 0;
    return head;
  }

  private static void put(byte[] head, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, head, at, bytes.length);
  }
}
