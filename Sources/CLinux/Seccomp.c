// A seccomp filter as a list of what is allowed (seccomp(2)): everything that reading, computing and writing files with
// several threads needs, and nothing else. Written for x86-64 and aarch64.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

static const int allowed[] = {
    // The most frequent first: the list is walked from its begin.
    SYS_read, SYS_futex, SYS_write, SYS_openat, SYS_close, SYS_fstat, SYS_newfstatat, SYS_pread64, SYS_munmap, SYS_brk,
    SYS_madvise, SYS_lseek, SYS_mremap, SYS_statx, SYS_openat2, SYS_pwrite64, SYS_readv, SYS_writev, SYS_preadv,
    SYS_pwritev, SYS_getdents64, SYS_fcntl, SYS_dup, SYS_dup3, SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_fallocate,
    SYS_fadvise64, SYS_statfs, SYS_fstatfs, SYS_faccessat, SYS_readlinkat, SYS_getcwd, SYS_mkdirat, SYS_unlinkat,
    SYS_renameat2, SYS_fchmod, SYS_fchmodat, SYS_umask, SYS_utimensat, SYS_copy_file_range, SYS_flock,
    // Threads, time, signals to itself
    SYS_exit, SYS_exit_group, SYS_set_robust_list, SYS_set_tid_address, SYS_rseq, SYS_membarrier, SYS_sched_yield,
    SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_getpriority, SYS_getcpu, SYS_gettid, SYS_getpid,
    SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getpgid, SYS_getsid, SYS_uname, SYS_sysinfo,
    SYS_getrusage, SYS_times, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday,
    SYS_getrandom, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigtimedwait, SYS_rt_sigpending,
    SYS_rt_sigsuspend, SYS_sigaltstack, SYS_restart_syscall, SYS_mincore, SYS_msync,
    // What libdispatch waits with
    SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2, SYS_timerfd_create, SYS_timerfd_settime,
    SYS_timerfd_gettime, SYS_signalfd4, SYS_pipe2, SYS_ppoll, SYS_pselect6,
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_epoll_pwait2
    SYS_epoll_pwait2,
#endif
#ifdef __x86_64__
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_mkdir, SYS_rmdir, SYS_unlink, SYS_rename, SYS_renameat,
    SYS_chmod, SYS_dup2, SYS_pipe, SYS_poll, SYS_select, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_getpgrp,
    SYS_getdents, SYS_time, SYS_getrlimit, SYS_arch_prctl,
#else
    SYS_renameat,
#endif
};

/// No honest worker makes these: the process ends, and the daemon learns of it.
static const int deadly[] = {
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_bpf, SYS_mount, SYS_umount2,
    SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_init_module,
    SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_perf_event_open, SYS_userfaultfd, SYS_reboot, SYS_swapon,
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (n)))
#define DENY(code) (SECCOMP_RET_ERRNO | ((code) & SECCOMP_RET_DATA))
#define NAMESPACES                                                                                       \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define THREAD (CLONE_THREAD | CLONE_VM | CLONE_SIGHAND)

struct program {
  struct sock_filter code[512];
  unsigned short length;
};

static void emit(struct program *p, uint16_t code, uint32_t value, uint8_t yes, uint8_t no) {
  if (p->length < COUNT(p->code)) p->code[p->length++] = (struct sock_filter){code, yes, no, value};
}
static void load(struct program *p, uint32_t offset) { emit(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
static void equals(struct program *p, uint32_t value, uint8_t yes, uint8_t no) {
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
}
static void mask(struct program *p, uint32_t bits) { emit(p, BPF_ALU | BPF_AND | BPF_K, bits, 0, 0); }
static void answer(struct program *p, uint32_t action) { emit(p, BPF_RET | BPF_K, action, 0, 0); }

/// `call` is allowed where its argument is one of `values`.
static void allow_values(struct program *p, uint32_t call, int argument, const uint32_t *values, uint8_t count) {
  equals(p, call, 0, (uint8_t)(2 * count + 2));
  load(p, ARGUMENT(argument));
  for (uint8_t i = 0; i < count; i++) {
    equals(p, values[i], 0, 1);
    answer(p, SECCOMP_RET_ALLOW);
  }
  answer(p, DENY(EPERM));
}

/// `call` is allowed unless all `bits` are in its third argument: memory that is written is never executed.
static void allow_without(struct program *p, uint32_t call, uint32_t bits) {
  equals(p, call, 0, 5);
  load(p, ARGUMENT(2));
  mask(p, bits);
  equals(p, bits, 0, 1);
  answer(p, DENY(EPERM));
  answer(p, SECCOMP_RET_ALLOW);
}

static void build(struct program *p) {
  uint32_t self = (uint32_t)getpid();
  load(p, offsetof(struct seccomp_data, arch));
  equals(p, ARCHITECTURE, 1, 0);
  answer(p, SECCOMP_RET_KILL_PROCESS);
  load(p, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  // The x32 calls have numbers of their own.
  emit(p, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  answer(p, SECCOMP_RET_KILL_PROCESS);
#endif
  for (size_t i = 0; i < 12; i++) {
    equals(p, (uint32_t)allowed[i], 0, 1);
    answer(p, SECCOMP_RET_ALLOW);
  }
  allow_without(p, SYS_mmap, PROT_WRITE | PROT_EXEC);
  allow_without(p, SYS_mprotect, PROT_EXEC);
  // Threads, but no processes. The flags of clone3 lie in memory, out of a filter's sight: glibc falls back to clone.
  equals(p, SYS_clone, 0, 8);
  load(p, ARGUMENT(0));
  mask(p, NAMESPACES);
  equals(p, 0, 0, 4);
  load(p, ARGUMENT(0));
  mask(p, THREAD);
  equals(p, THREAD, 0, 1);
  answer(p, SECCOMP_RET_ALLOW);
  answer(p, DENY(EPERM));
  equals(p, SYS_clone3, 0, 1);
  answer(p, DENY(ENOSYS));
  // Only to itself: how abort works.
  allow_values(p, SYS_tgkill, 0, &self, 1);
  allow_values(p, SYS_kill, 0, &self, 1);
  const uint32_t own[] = {0, self};
  allow_values(p, SYS_prlimit64, 0, own, 2);
  const uint32_t calling = 0;
  allow_values(p, SYS_setpriority, 1, &calling, 1);
  const uint32_t names[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE, PR_GET_SECCOMP};
  allow_values(p, SYS_prctl, 0, names, COUNT(names));
  const uint32_t terminal[] = {TCGETS, TIOCGWINSZ, FIONREAD};
  allow_values(p, SYS_ioctl, 1, terminal, COUNT(terminal));
  for (size_t i = 12; i < COUNT(allowed); i++) {
    equals(p, (uint32_t)allowed[i], 0, 1);
    answer(p, SECCOMP_RET_ALLOW);
  }
  for (size_t i = 0; i < COUNT(deadly); i++) {
    equals(p, (uint32_t)deadly[i], 0, 1);
    answer(p, SECCOMP_RET_KILL_PROCESS);
  }
  answer(p, DENY(EPERM));
}

int clinux_seccomp_available(void) {
  int saved = errno;
  uint32_t action = SECCOMP_RET_KILL_PROCESS;
  int code = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ? 0 : -errno;
  errno = saved;
  return code;
}

int clinux_seccomp_confine(void) {
  int saved = errno;
  struct program program = {.length = 0};
  build(&program);
  struct sock_fprog filter = {.len = program.length, .filter = program.code};
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
  int code = result == 0 ? 0 : result < 0 ? -errno : -EBUSY;
  errno = saved;
  return code;
}

#else

int clinux_seccomp_available(void) { return -ENOSYS; }
int clinux_seccomp_confine(void) { return -ENOSYS; }

#endif
