// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/**
 * Something that a check of a data directory found.
 *
 * @param place the file, or the resource, that it is about
 * @param what what is wrong with it, in words that go on after the place
 * @param remedy what to do, or empty where nothing is to be done
 */
public record Finding(Severity severity, String place, String what, String remedy) {

  /** What to do about what nothing here can bring back. */
  public static final String RESTORE = "restore a backup: ./holdfast restore FILE";

  /** Whether something is wrong. */
  public enum Severity {
    /** Something is lost, altered or open to others. */
    DAMAGE,
    /** Worth knowing, and nothing is wrong. */
    NOTE
  }

  public static Finding damage(String place, String what, String remedy) {
    return new Finding(Severity.DAMAGE, place, what, remedy);
  }

  /** Of a row that contradicts another one. */
  public static Finding lost(String place, String what) {
    return damage(place, what, RESTORE);
  }

  public static Finding note(String place, String what) {
    return new Finding(Severity.NOTE, place, what, "");
  }

  public boolean isDamage() {
    return severity == Severity.DAMAGE;
  }

  /** For people: one or two lines. */
  public String text() {
    String line = (isDamage() ? "DAMAGE  " : "note    ") + place + " " + what;
    return remedy.isEmpty() ? line : line + "\n        -> " + remedy;
  }
}
