// SPDX-License-Identifier: GPL-2.0-or-later
//
// radiomicsd-watch: prints what inotify says about a folder and the folders in it.
//
//   radiomicsd-watch [--max-watches N] [--max-depth N] FOLDER
//
// Records on standard output end with a NUL byte, because names may hold anything else:
//
//   watching COUNT   all folders of the tree are watched; whoever listens lists the tree now
//   event PATH       something happened at PATH (below FOLDER)
//   overflow         the kernel dropped events: list everything
//   degraded WHY     not every folder can be watched: listings must do the rest
//   lost             FOLDER itself was moved, deleted or unmounted; the program ends
//
// Records are hints and no more. The program ends with its parent, or when nobody reads. Exit: 0, 64 usage, 66 no such
// folder, 74 I/O, 75 no inotify instance left.

#include "tree.h"

#include <errno.h>
#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 64, EXIT_NO_INPUT = 66, EXIT_IO = 74, EXIT_TEMPORARY = 75 };

static void record(const char *kind, const char *text) {
  if (fputs(kind, stdout) == EOF || (text && (putchar(' ') == EOF || fputs(text, stdout) == EOF)) ||
      putchar('\0') == EOF || fflush(stdout) != 0)
    exit(EXIT_IO);
}

static void report_watching(const struct tree *tree) {
  char count[32];
  snprintf(count, sizeof count, "%zu", tree->count);
  record("watching", count);
}

static long number(const char *text, long least, long most) {
  char *end = NULL;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno || !*text || *end || value < least || value > most) {
    fprintf(stderr, "radiomicsd-watch: %s is not a number from %ld to %ld\n", text, least, most);
    exit(EXIT_USAGE);
  }
  return value;
}

// One event; returns false when the root is gone.
static int handle(struct tree *tree, const struct inotify_event *event) {
  if (event->mask & IN_Q_OVERFLOW) {
    tree_refresh(tree);
    record("overflow", NULL);
    return 1;
  }
  if (event->wd == tree->root_wd && (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED))) {
    record("lost", NULL);
    return 0;
  }
  if (event->mask & IN_IGNORED) {
    tree_forget(tree, event->wd);
    return 1;
  }
  const char *folder = tree_path(tree, event->wd);
  if (!folder) return 1; // a folder that was forgotten a moment ago
  char path[8192];
  int length = event->len > 0 ? snprintf(path, sizeof path, "%s/%s", folder, event->name)
                              : snprintf(path, sizeof path, "%s", folder);
  if (length < 0 || (size_t)length >= sizeof path) {
    record("degraded", "a path is too long");
    return 1;
  }
  if ((event->mask & IN_ISDIR) && (event->mask & (IN_MOVED_FROM | IN_MOVED_TO))) tree_remove(tree, path);
  if ((event->mask & IN_ISDIR) && (event->mask & (IN_CREATE | IN_MOVED_TO))) {
    int was_degraded = tree->degraded != NULL;
    tree_add(tree, path);
    if (tree->degraded && !was_degraded) record("degraded", tree->degraded);
  }
  record("event", path);
  return 1;
}

int main(int argc, char *argv[]) {
  long most = 8192, depth = 16;
  int index = 1;
  for (; index + 1 < argc && strncmp(argv[index], "--", 2) == 0; index += 2) {
    if (strcmp(argv[index], "--max-watches") == 0) most = number(argv[index + 1], 1, 1000000);
    else if (strcmp(argv[index], "--max-depth") == 0) depth = number(argv[index + 1], 1, 64);
    else break;
  }
  if (index + 1 != argc) {
    fputs("usage: radiomicsd-watch [--max-watches N] [--max-depth N] FOLDER\n", stderr);
    return EXIT_USAGE;
  }

  // End with the parent: the death signal covers what comes after it, the comparison what came before.
  pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) return 0;
  signal(SIGPIPE, SIG_IGN);

  struct stat about;
  if (stat(argv[index], &about) != 0 || !S_ISDIR(about.st_mode)) {
    fputs("radiomicsd-watch: the folder is not there\n", stderr);
    return EXIT_NO_INPUT;
  }
  // First of all descriptors: the library waits with select(), which knows those below 1024 only.
  if (!inotifytools_initialize()) {
    fprintf(stderr, "radiomicsd-watch: no inotify: %s\n", strerror(inotifytools_error()));
    return EXIT_TEMPORARY;
  }

  struct tree tree;
  if (!tree_open(&tree, argv[index], (size_t)most, (int)depth)) {
    fprintf(stderr, "radiomicsd-watch: the folder cannot be watched: %s\n", strerror(inotifytools_error()));
    return EXIT_TEMPORARY;
  }
  if (tree.degraded) record("degraded", tree.degraded);
  report_watching(&tree);

  for (;;) {
    // Waits a second at most (0 would wait for ever), to notice a parent or a reader that is gone.
    const struct inotify_event *event = inotifytools_next_event(1);
    if (event) {
      if (!handle(&tree, event)) return 0;
      continue;
    }
    int error = inotifytools_error();
    if (error != 0 && error != EINTR) {
      fprintf(stderr, "radiomicsd-watch: %s\n", strerror(error));
      return EXIT_IO;
    }
    if (getppid() != parent) return 0;
  }
}
