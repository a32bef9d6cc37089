// libdispatch looks after its threads by /proc/<thread>/stat and ends the process where it cannot open that file. A confined
// worker may open its own folder of /proc alone, in which the same file is task/<thread>/stat: this is where it is sent.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int own_process = -1;

void clinux_keep_own_process(void) {
  int saved = errno;
  if (own_process < 0) own_process = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
  errno = saved;
}

// The thread of `/proc/<thread>/stat`, or 0.
static long thread_of(const char *path) {
  if (strncmp(path, "/proc/", 6) != 0) return 0;
  long thread = 0;
  const char *digit = path + 6;
  for (; *digit >= '0' && *digit <= '9' && digit < path + 16; digit++) thread = thread * 10 + (*digit - '0');
  return strcmp(digit, "/stat") == 0 ? thread : 0;
}

// Stands before the C library's open, for this program and the libraries that it loads.
int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  long thread = own_process < 0 ? 0 : thread_of(path);
  if (thread != 0) {
    char own[48];
    snprintf(own, sizeof own, "task/%ld/stat", thread);
    return openat(own_process, own, flags, mode);
  }
  return openat(AT_FDCWD, path, flags, mode);
}
