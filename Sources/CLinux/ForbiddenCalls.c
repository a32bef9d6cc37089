// What a confined process must not be able to do, tried in earnest: the sandbox is believed for what it does.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long fork_process(void) {
  // By the bare call: the library's fork would run handlers of other libraries in a child nobody waits for.
  long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child;
}

static long execute(void) {
  char *const arguments[] = {"/bin/true", NULL}, *const none[] = {NULL};
  return execve(arguments[0], arguments, none);
}

static long write_and_execute(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? -1 : 0;
}

static long make_executable(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? 0 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long look_into_parent(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)&errno, 1};
  return syscall(SYS_process_vm_readv, getppid(), &here, 1, &there, 1, 0);
}

int clinux_try_forbidden(const char *name) {
  errno = 0;
  long result;
  if (!strcmp(name, "socket")) result = socket(AF_INET, SOCK_STREAM, 0);
  else if (!strcmp(name, "unix-socket")) result = socket(AF_UNIX, SOCK_STREAM, 0);
  else if (!strcmp(name, "fork")) result = fork_process();
  else if (!strcmp(name, "exec")) result = execute();
  else if (!strcmp(name, "ptrace")) result = ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  else if (!strcmp(name, "mount")) result = mount("none", "/mnt", "tmpfs", 0, NULL);
  else if (!strcmp(name, "unshare")) result = unshare(CLONE_NEWUSER);
  else if (!strcmp(name, "setns")) result = setns(0, 0);
  else if (!strcmp(name, "signal-parent")) result = kill(getppid(), 0);
  else if (!strcmp(name, "write-and-execute")) result = write_and_execute();
  else if (!strcmp(name, "make-executable")) result = make_executable();
  else if (!strcmp(name, "process-memory")) result = look_into_parent();
  else if (!strcmp(name, "memfd")) result = syscall(SYS_memfd_create, "x", 0);
  else if (!strcmp(name, "userfaultfd")) result = syscall(SYS_userfaultfd, 0);
  else if (!strcmp(name, "bpf")) result = syscall(SYS_bpf, 0, NULL, 0);
  else if (!strcmp(name, "keyctl")) result = syscall(SYS_keyctl, 0, -3, 0);
  else if (!strcmp(name, "io-uring")) {
    char parameters[256] = {0};
    result = syscall(SYS_io_uring_setup, 1, parameters);
  } else return -EINVAL;
  return result >= 0 ? 0 : -errno;
}
