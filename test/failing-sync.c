// SPDX-License-Identifier: Apache-2.0
// A disk whose sync fails once, for LD_PRELOAD. FAILING_SYNC names a file that need not be there yet; once
// it is, its first line is a pattern of paths (fnmatch(3)), and the next sync of such a file or folder fails
// with EIO. It then is called NAME.done, so that it happens once. As on a disk that failed, what was
// written to a file since its last sync is gone, and later syncs of it say that all is well.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 65536

// How long a file was when it was synced last, by descriptor; the inode tells one that was used before.
static struct {
  ino_t inode;
  off_t size;
} synced[FILES];

static int matches(int fd, const char *trigger) {
  char pattern[PATH_MAX], link[64], path[PATH_MAX];
  FILE *file = fopen(trigger, "re");
  if (file == NULL) {
    return 0;
  }
  char *line = fgets(pattern, sizeof pattern, file);
  fclose(file);
  if (line == NULL) {
    return 0;
  }
  pattern[strcspn(pattern, "\n")] = 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = 0;
  return fnmatch(pattern, path, 0) == 0;
}

static int fails(int fd) {
  const char *trigger = getenv("FAILING_SYNC");
  char done[PATH_MAX];
  struct stat now;
  if (trigger == NULL || !matches(fd, trigger)) {
    return 0;
  }
  snprintf(done, sizeof done, "%s.done", trigger);
  if (rename(trigger, done) != 0) {
    return 0;
  }
  if (fstat(fd, &now) == 0 && S_ISREG(now.st_mode)) {
    int known = fd < FILES && synced[fd].inode == now.st_ino;
    if (ftruncate(fd, known ? synced[fd].size : 0) != 0) {
      perror("failing-sync");
    }
  }
  return 1;
}

static int sync_with(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct stat before;
  if (fails(fd)) {
    errno = EIO;
    return -1;
  }
  int known = fstat(fd, &before) == 0;
  int result = real(fd);
  if (result == 0 && known && fd < FILES) {
    synced[fd].inode = before.st_ino;
    synced[fd].size = before.st_size;
  }
  return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }
