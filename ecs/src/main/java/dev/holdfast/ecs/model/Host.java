// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A physical host and what is booked on it: the one row that all tasks of all accounts draw from.
 *
 * @param id {@code local}, the id of a host that joined, or a container instance's id for one that
 *     an agent registered
 * @param cpu units, 1024 a core
 * @param memory MiB
 * @param architecture {@code X86_64} or {@code ARM64}, or empty where unknown
 */
public record Host(
    String id,
    String architecture,
    int cpu,
    int memory,
    List<Integer> reservedTcp,
    List<Integer> reservedUdp,
    List<Booking> bookings) {
  /** The host that the platform runs on. */
  public static final String LOCAL = "local";

  /** What one task holds. */
  public record Booking(String task, Needs needs) {}

  /** An amount of a host: CPU units, MiB, and fixed host ports. */
  public record Needs(int cpu, int memory, List<Integer> tcp, List<Integer> udp) {}

  public int usedCpu() {
    return bookings.stream().mapToInt(b -> b.needs().cpu()).sum();
  }

  public int usedMemory() {
    return bookings.stream().mapToInt(b -> b.needs().memory()).sum();
  }

  /** TCP ports that are reserved or booked. */
  public List<Integer> tcp() {
    var ports = new ArrayList<>(reservedTcp);
    bookings.forEach(b -> ports.addAll(b.needs().tcp()));
    return ports;
  }

  /** UDP ports that are reserved or booked. */
  public List<Integer> udp() {
    var ports = new ArrayList<>(reservedUdp);
    bookings.forEach(b -> ports.addAll(b.needs().udp()));
    return ports;
  }

  public Host book(Booking booking) {
    var more = new ArrayList<>(bookings);
    more.add(booking);
    return with(more);
  }

  public Host release(String task) {
    return with(bookings.stream().filter(b -> !b.task().equals(task)).toList());
  }

  /** The same bookings on a host whose measures were taken again. */
  public Host measured(Host now) {
    return new Host(
        id, now.architecture, now.cpu, now.memory, now.reservedTcp, now.reservedUdp, bookings);
  }

  public Host with(List<Booking> changed) {
    return new Host(id, architecture, cpu, memory, reservedTcp, reservedUdp, changed);
  }
}
