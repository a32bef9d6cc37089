// Linux calls that Swift's Glibc module does not export: GNU extensions and bare system calls.
// Every function returns 0 or a descriptor on success and a negative errno value on failure; none changes `errno`.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>

#include "CLinuxSandbox.h"

#pragma clang assume_nonnull begin

/// rename(2) that never replaces `to` (RENAME_NOREPLACE). File systems without the flag get a check and a rename.
int clinux_rename_noreplace(const char *from, const char *to);

/// openat2(2) below `directory`: no symbolic link, no way out, no other mount. O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK are added.
/// Kernels without it get `clinux_open_stepwise`.
int clinux_open_beneath(int directory, const char *path, int flags);

/// The same by openat(2), name by name: no `..`, no link, no other device. Mounts of the same device are not seen.
int clinux_open_stepwise(int directory, const char *path, int flags);

/// syncfs(2): everything written so far to the file system of `fd` is on disk.
int clinux_syncfs(int fd);

/// The kind of file system `path` lies on (statfs f_type), or a negative errno value.
int64_t clinux_filesystem_type(const char *path);

/// A file in memory that holds `count` bytes, to be read from its start (memfd_create(2)); the caller closes it. Its
/// descriptor, or a negative errno value.
int clinux_memory_file(const void *bytes, size_t count);

/// Starts a program as the leader of its own session and process group, with default signals, nothing open but
/// `input`, `output` and `errors`, and `folder` as its working directory. No shell is involved.
/// `environment` and `arguments` end with a null pointer. A negative descriptor means /dev/null.
int clinux_spawn(int32_t *child, const char *program, char *const _Nullable arguments[_Nonnull],
                 char *const _Nullable environment[_Nonnull], const char *folder, int input, int output, int errors);

/// Whether some process has the file open to write, by a read lease that is given back at once (fcntl(2), F_SETLEASE): 1 or
/// 0. -EACCES for a file of somebody else without CAP_LEASE. Network file systems answer for this machine alone.
int clinux_has_writer(int fd);

/// The offset of the file's first unallocated block, or its size where there is none.
int64_t clinux_first_hole(int fd);

/// Programs that this one starts keep none of its capabilities (PR_CAP_AMBIENT_CLEAR_ALL).
void clinux_keep_capabilities_to_oneself(void);

/// pipe2(2) with O_CLOEXEC: `ends[0]` to read, `ends[1]` to write.
int clinux_pipe(int ends[_Nonnull 2]);

/// Waits until a child has ended and leaves it to be reaped, so that its id stays reserved.
int clinux_wait_ended(int32_t child);

/// prctl(PR_SET_PDEATHSIG): the kernel kills this process when its parent ends.
int clinux_die_with_parent(void);

/// From now on this process ends with this status where a crash follows a request for memory that was refused.
void clinux_tell_out_of_memory(int status);

/// Holds `/proc/self` open, and has `open` look for `/proc/<thread>/stat` in it from now on: libdispatch opens that file of
/// its threads, and a confined process may open its own folder alone.
void clinux_keep_own_process(void);

/// prctl(PR_SET_NO_NEW_PRIVS): this process gains no rights any more by executing a set-user-id program.
int clinux_no_new_privileges(void);

/// Whether the wall clock is synchronised (adjtimex(2)): 1 or 0.
int clinux_clock_synchronised(void);

/// Makes the C library's heap keep what is freed, in one area that grows by `bytes` now and asks for large pages: for a
/// process that takes and frees large arrays all the time. With a limit of address space, or without that much room, the
/// heap grows as it is used.
void clinux_keep_heap(uint64_t bytes);

/// Waits until everything written to the file system of an open file or folder is on disk (syncfs). Returns 0, or -1 and
/// errno.
int clinux_sync_file_system(int descriptor);

#pragma clang assume_nonnull end

#endif
