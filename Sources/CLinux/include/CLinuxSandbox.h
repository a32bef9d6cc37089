// Landlock and seccomp by bare system calls: no library has to be there, and headers older than the kernel do.
// Every function returns 0 or a positive value on success and a negative errno value on failure.
#ifndef CLINUX_SANDBOX_H
#define CLINUX_SANDBOX_H

#pragma clang assume_nonnull begin

/// The version of Landlock that the kernel offers, from 1; -ENOSYS or -EOPNOTSUPP where it has none.
int clinux_landlock_version(void);

/// Confines this thread, and threads it starts later, to the files named; lists end with a null pointer.
/// Below `readable` files and folders may be read, below `writable` also made, written, renamed and removed; nothing
/// may be executed. Below `openable` files may be read whose names are known, but no folder listed. From version 4 on TCP is closed, from 6 on abstract sockets and signals to other processes are.
/// A path that does not exist is left out. Returns the version of Landlock that is in force.
int clinux_landlock_confine(const char *const _Nullable readable[_Nonnull],
                            const char *const _Nullable openable[_Nonnull],
                            const char *const _Nullable writable[_Nonnull]);

/// Whether the kernel takes seccomp filters, and this program has one for its processor.
int clinux_seccomp_available(void);

/// Leaves all threads of this process only the system calls that computing a study needs. Others fail with EPERM;
/// those that no honest worker ever makes (execve, ptrace, mount, bpf, …) end the process with SIGSYS.
/// PR_SET_NO_NEW_PRIVS must be set.
int clinux_seccomp_confine(void);

/// Tries what a confined process must not be able to do, by name: `socket`, `fork`, `exec`, … Returns 0 where it was
/// possible, else the negative errno value; -EINVAL for a name it does not know. `exec` and others may end the process.
int clinux_try_forbidden(const char *name);

/// close_range(2) from `first` on.
int clinux_close_from(int first);

/// Overwrites the strings of this process's command line from index `first` on, which any process of this user can read
/// in /proc as long as this one runs.
void clinux_hide_arguments(int first);

/// prctl(PR_SET_DUMPABLE, 0): no core file, and no other process of this user may look into or trace this one.
int clinux_not_dumpable(void);

#pragma clang assume_nonnull end

#endif
