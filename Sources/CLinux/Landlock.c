// Landlock: a process gives up access to files for good, without privileges (Documentation/userspace-api/landlock.rst).
// Constants are spelt out here, for the distribution's headers are older than the kernels this runs on.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define FS_EXECUTE (1ULL << 0)
#define FS_WRITE_FILE (1ULL << 1)
#define FS_READ_FILE (1ULL << 2)
#define FS_READ_DIR (1ULL << 3)
#define FS_REMOVE_DIR (1ULL << 4)
#define FS_REMOVE_FILE (1ULL << 5)
#define FS_MAKE_DIR (1ULL << 7)
#define FS_MAKE_REG (1ULL << 8)
#define FS_VERSION_1 ((1ULL << 13) - 1)
#define FS_REFER (1ULL << 13)
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)
#define NET_TCP (3ULL)
#define SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS (3ULL)

struct ruleset {
  uint64_t files, network, scoped;
};

struct path_rule {
  uint64_t allowed;
  int32_t folder;
} __attribute__((packed));

int clinux_landlock_version(void) {
  int saved = errno;
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
  int code = version < 0 ? -errno : (int)version;
  errno = saved;
  return code;
}

static int allow(int rules, const char *path, uint64_t access) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == EACCES || errno == ENOTDIR ? 0 : -errno;
  struct stat about;
  int code = 0;
  if (fstat(fd, &about) != 0) code = -errno;
  // A file takes only the rights of a file.
  if (code == 0 && !S_ISDIR(about.st_mode)) access &= FS_READ_FILE | FS_WRITE_FILE | FS_TRUNCATE;
  struct path_rule rule = {.allowed = access, .folder = fd};
  if (code == 0 && syscall(SYS_landlock_add_rule, rules, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &rule, 0) != 0)
    code = -errno;
  close(fd);
  return code;
}

int clinux_landlock_confine(const char *const readable[], const char *const openable[], const char *const writable[]) {
  int version = clinux_landlock_version();
  if (version < 0) return version;
  int saved = errno, code = 0;
  struct ruleset set = {.files = FS_VERSION_1};
  if (version >= 2) set.files |= FS_REFER;
  if (version >= 3) set.files |= FS_TRUNCATE;
  if (version >= 4) set.network = NET_TCP;
  if (version >= 5) set.files |= FS_IOCTL_DEV;
  if (version >= 6) set.scoped = SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS;
  // A kernel knows the fields of its version and refuses others, unless they are zero.
  size_t size = version >= 6 ? sizeof set : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
  int rules = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
  if (rules < 0) code = -errno;
  uint64_t read_access = FS_READ_FILE | FS_READ_DIR;
  uint64_t write_access =
      (read_access | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_TRUNCATE) & set.files;
  for (int i = 0; code == 0 && readable[i]; i++) code = allow(rules, readable[i], read_access);
  for (int i = 0; code == 0 && openable[i]; i++) code = allow(rules, openable[i], FS_READ_FILE);
  for (int i = 0; code == 0 && writable[i]; i++) code = allow(rules, writable[i], write_access);
  if (code == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) code = -errno;
  if (code == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0) code = -errno;
  if (rules >= 0) close(rules);
  errno = saved;
  return code == 0 ? version : code;
}

int clinux_close_from(int first) {
  int saved = errno;
  int code = close_range((unsigned)first, ~0U, 0) == 0 ? 0 : -errno;
  errno = saved;
  return code;
}

// The strings that the kernel shows: Swift's CommandLine holds copies of them. glibc gives them to every constructor.
static int argument_count;
static char **argument_list;
__attribute__((constructor)) static void keep_arguments(int count, char **list) {
  argument_count = count;
  argument_list = list;
}

void clinux_hide_arguments(int first) {
  for (int i = first; i < argument_count; i++)
    if (argument_list[i]) memset(argument_list[i], 0, strlen(argument_list[i]));
}

int clinux_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : -errno; }
