// SPDX-License-Identifier: Apache-2.0
// A wall clock that is set while processes run, for LD_PRELOAD. A file beside this library, with its name and
// `.ahead`, holds eight bytes: by how many seconds, as a signed number of this machine, the wall clock is ahead
// of the true one. It is looked at by each call, so that who writes it sets the clock of all processes at once.
// The monotonic clock, and whatever waits by it, goes on as it is; so do the times of files. Who waits until a
// time of the wall clock (the scheduler of virtual threads does) waits by the kernel, which knows the true time:
// that is handed to it, or each such wait would end at once while the clock is back, again and again.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *ahead;

__attribute__((constructor)) static void look(void) {
  Dl_info here;
  char name[PATH_MAX];
  if (dladdr((const void *)&ahead, &here) == 0) {
    return;
  }
  snprintf(name, sizeof name, "%s.ahead", here.dli_fname);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    void *page = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    ahead = page == MAP_FAILED ? NULL : page;
  }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && ahead != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    now->tv_sec += *ahead;
  }
  return result;
}

// Waits by the wall clock and by the monotonic one, which began with the machine, are told apart by the time.
static const time_t EARLIEST = 1000000000;

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
  static int (*volatile true_wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  if (true_wait == NULL) {
    void *found = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (found == NULL) {
      found = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    }
    true_wait = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))found;
  }
  struct timespec truly = *until;
  if (ahead != NULL && truly.tv_sec >= EARLIEST) {
    truly.tv_sec -= *ahead;
  }
  return true_wait(cond, mutex, &truly);
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0) {
    return -1;
  }
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *now) {
  struct timespec exact;
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0) {
    return -1;
  }
  if (now != NULL) {
    *now = exact.tv_sec;
  }
  return exact.tv_sec;
}
