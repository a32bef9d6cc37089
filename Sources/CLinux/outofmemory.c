// A process that may not have more memory ends in many ways: the runtimes of Swift and C++ end it with SIGABRT, SIGILL or
// SIGTRAP, a library writes through a null pointer. What they have in common is that the last call that failed in the
// thread that ends was one for memory.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static int exit_status;

static void ended(int signal_number) {
  // Back to how it was: whoever is not out of memory crashes as it would have.
  if (errno == ENOMEM) _exit(exit_status);
  signal(signal_number, SIG_DFL);
}

void clinux_tell_out_of_memory(int status) {
  exit_status = status;
  static const int signals[] = {SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction action = {.sa_handler = ended};
    sigaction(signals[i], &action, NULL);
  }
  errno = 0;
}
