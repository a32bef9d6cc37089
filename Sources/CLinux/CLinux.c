#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_rename_noreplace(const char *from, const char *to) {
  int saved = errno, code = 0;
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
    code = -errno;
    if (code == -EINVAL || code == -ENOSYS) {
      struct stat there;
      if (lstat(to, &there) == 0) code = -EEXIST;
      else code = rename(from, to) == 0 ? 0 : -errno;
    }
  }
  errno = saved;
  return code;
}

int clinux_open_beneath(int directory, const char *path, int flags) {
  int saved = errno, code, tries = 0;
  struct open_how how;
  memset(&how, 0, sizeof how);
  how.flags = (uint64_t)flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  do {
    long fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
    code = fd < 0 ? -errno : (int)fd;
    // EAGAIN: something was renamed meanwhile, and the kernel is not sure.
  } while (code == -EINTR || (code == -EAGAIN && ++tries < 16));
  errno = saved;
  // Before Linux 5.6, or where a container's filter does not know the call; then what it says of files is no answer either.
  if (code == -ENOSYS || code == -EPERM) return clinux_open_stepwise(directory, path, flags);
  return code;
}

int clinux_open_stepwise(int directory, const char *path, int flags) {
  int saved = errno, at = directory, code = -ENOENT;
  struct stat top, here;
  const char *rest = path;
  if (*path == '/') return -EXDEV;
  if (fstat(directory, &top) != 0) {
    code = -errno;
    errno = saved;
    return code;
  }
  while (1) {
    char name[256];
    size_t length = strcspn(rest, "/");
    int last = rest[length + strspn(rest + length, "/")] == 0;
    if (length == 0 || length > 255) {
      code = length == 0 ? -ENOENT : -ENAMETOOLONG;
      break;
    }
    memcpy(name, rest, length);
    name[length] = 0;
    if (strcmp(name, "..") == 0) {
      code = -EXDEV;
      break;
    }
    int next = openat(at, name, last ? flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
                                     : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) {
      code = -errno;
      // A link where a folder should be: openat says that it is none.
      if (code == -ENOTDIR && fstatat(at, name, &here, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(here.st_mode)) code = -ELOOP;
      break;
    }
    if (at != directory) close(at);
    at = next;
    if (fstat(at, &here) != 0 || here.st_dev != top.st_dev) {
      code = -EXDEV;
      break;
    }
    if (last) {
      errno = saved;
      return at;
    }
    rest += length + strspn(rest + length, "/");
  }
  if (at != directory) close(at);
  errno = saved;
  return code;
}

int clinux_syncfs(int fd) {
  int saved = errno;
  int code = syncfs(fd) == 0 ? 0 : -errno;
  errno = saved;
  return code;
}

int64_t clinux_filesystem_type(const char *path) {
  int saved = errno;
  struct statfs about;
  int64_t code = statfs(path, &about) == 0 ? (int64_t)about.f_type : -errno;
  errno = saved;
  return code;
}

int clinux_memory_file(const void *bytes, size_t count) {
  int saved = errno;
  int fd = memfd_create("radiomicsd", MFD_CLOEXEC);
  int code = fd < 0 ? -errno : 0;
  for (size_t done = 0; code == 0 && done < count;) {
    ssize_t written = write(fd, (const char *)bytes + done, count - done);
    if (written > 0) done += (size_t)written;
    else if (written < 0 && errno != EINTR) code = -errno;
  }
  if (code == 0 && lseek(fd, 0, SEEK_SET) < 0) code = -errno;
  if (code != 0 && fd >= 0) close(fd);
  errno = saved;
  return code != 0 ? code : fd;
}

int clinux_spawn(int32_t *child, const char *program, char *const arguments[], char *const environment[],
                 const char *folder, int input, int output, int errors) {
  int saved = errno;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);

  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
  else posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, 1);
  else posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  if (errors >= 0) posix_spawn_file_actions_adddup2(&actions, errors, 2);
  else posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);

  sigemptyset(&none);
  sigfillset(&all);
  sigdelset(&all, SIGKILL);
  sigdelset(&all, SIGSTOP);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  int code = -posix_spawn(child, program, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  errno = saved;
  return code;
}

int clinux_has_writer(int fd) {
  int saved = errno, code;
  // Somebody who opens the file in this very moment has the kernel tell us so: by a signal that is ignored by default.
  if (fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
    fcntl(fd, F_SETLEASE, F_UNLCK);
    code = 0;
  } else {
    code = errno == EAGAIN ? 1 : -errno;
  }
  errno = saved;
  return code;
}

int64_t clinux_first_hole(int fd) {
  int saved = errno;
  off_t at = lseek(fd, 0, SEEK_HOLE);
  int64_t code = at >= 0 ? (int64_t)at : -errno;
  errno = saved;
  return code;
}

void clinux_keep_capabilities_to_oneself(void) {
  int saved = errno;
  prctl(47 /* PR_CAP_AMBIENT */, 4 /* PR_CAP_AMBIENT_CLEAR_ALL */, 0, 0, 0);
  errno = saved;
}

int clinux_pipe(int ends[2]) {
  int saved = errno;
  int code = pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno;
  errno = saved;
  return code;
}

int clinux_wait_ended(int32_t child) {
  int saved = errno, code;
  siginfo_t about;
  do code = waitid(P_PID, (id_t)child, &about, WEXITED | WNOWAIT) == 0 ? 0 : -errno;
  while (code == -EINTR);
  errno = saved;
  return code;
}

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 ? 0 : -errno; }

int clinux_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : -errno; }

int clinux_clock_synchronised(void) {
  int saved = errno;
  struct timex about = {.modes = 0};
  int state = adjtimex(&about);
  int code = state < 0 ? -errno : state != TIME_ERROR && !(about.status & STA_UNSYNC);
  errno = saved;
  return code;
}
