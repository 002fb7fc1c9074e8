// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.cgroup;

import dev.holdfast.agent.plan.TaskLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Groups as folders of the kernel's, for an engine that makes its own so too: {@code
 * /holdfast/INSTALLATION/TASK}, in the hierarchies {@code memory} and {@code cpu} of version 1, or
 * in the one of version 2.
 *
 * @param root where the hierarchies are, or the one
 * @param unified whether it is version 2
 */
record CgroupFolders(Path root, boolean unified, String installation) implements TaskCgroups {
  private static final String TOP = "holdfast";
  private static final String CHILDREN_HAVE = "cgroup.subtree_control";

  /**
   * Makes the installation's folder.
   *
   * @throws IOException where the hierarchy cannot be written, or lacks a controller
   */
  static CgroupFolders open(Path root, boolean unified, String installation) throws IOException {
    var folders = new CgroupFolders(root, unified, installation);
    try {
      folders.prepare();
    } catch (IOException e) {
      throw new IOException("cgroups cannot be made below " + root + ": " + e, e);
    }
    return folders;
  }

  private void prepare() throws IOException {
    for (Path hierarchy : limiting()) {
      Path top = hierarchy.resolve(TOP);
      Path ours = top.resolve(installation);
      if (unified) {
        write(hierarchy.resolve(CHILDREN_HAVE), "+cpu +memory");
      }
      for (Path folder : List.of(top, ours)) {
        make(folder);
        if (unified) {
          write(folder.resolve(CHILDREN_HAVE), "+cpu +memory");
        }
      }
    }
    if (!unified) {
      for (String file : List.of("memory/%s/memory.limit_in_bytes", "cpu/%s/cpu.cfs_quota_us")) {
        Path limit = root.resolve(file.formatted(TOP + "/" + installation));
        if (!Files.isWritable(limit)) {
          throw new IOException(limit + " cannot be written");
        }
      }
    }
  }

  @Override
  public String lacking() {
    return "";
  }

  @Override
  public String place(String id, TaskLimits limits) throws IOException {
    for (Path hierarchy : limiting()) {
      make(folder(hierarchy, id));
    }
    Map<String, String> values = unified ? limits.version2() : limits.version1();
    for (Map.Entry<String, String> value : values.entrySet()) {
      String named = value.getKey();
      int slash = named.indexOf('/');
      Path hierarchy = unified ? root : root.resolve(named.substring(0, slash));
      write(folder(hierarchy, id).resolve(named.substring(slash + 1)), value.getValue());
    }
    return "/" + TOP + "/" + installation + "/" + id;
  }

  @Override
  public void remove(String id) throws IOException {
    // The engine's runtime makes the containers' groups in every hierarchy, and leaves the task's.
    for (Path hierarchy : all()) {
      removeTree(folder(hierarchy, id));
    }
  }

  @Override
  public Set<String> ids() throws IOException {
    var ids = new TreeSet<String>();
    for (Path hierarchy : all()) {
      subfolders(hierarchy.resolve(TOP).resolve(installation))
          .forEach(folder -> ids.add(String.valueOf(folder.getFileName())));
    }
    return ids;
  }

  /** The hierarchies in which a task's limits are. */
  private List<Path> limiting() {
    return unified ? List.of(root) : List.of(root.resolve("memory"), root.resolve("cpu"));
  }

  private List<Path> all() throws IOException {
    return unified ? List.of(root) : subfolders(root);
  }

  private Path folder(Path hierarchy, String id) {
    return hierarchy.resolve(TOP).resolve(installation).resolve(id);
  }

  /** Of a folder that is not there none. */
  private static List<Path> subfolders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(e -> Files.isDirectory(e, LinkOption.NOFOLLOW_LINKS)).toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException _) {
      // another container of the task was first, or an earlier agent
    }
  }

  /** The files of a group go with its folder. */
  private static void removeTree(Path folder) throws IOException {
    for (Path child : subfolders(folder)) {
      removeTree(child);
    }
    Files.deleteIfExists(folder);
  }

  private static void write(Path file, String value) throws IOException {
    Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }
}
