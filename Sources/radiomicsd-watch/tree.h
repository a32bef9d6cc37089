// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TREE_H
#define TREE_H

#include <stddef.h>

// The folders being watched: a root and what is below it, bounded in number and depth.
//
// Kept beside the library's own list because that one cannot tell which watches lie below a folder that was moved away.
struct tree {
  const char *root;
  int root_wd;
  size_t most;          // watches at most
  int depth;            // folders below the root at most
  size_t count;
  size_t room;
  struct node {
    int wd;
    char *path;
  } *nodes;
  const char *degraded; // why some folders are not watched, or NULL
};

// Watches `root` and what is below. False when the root itself cannot be watched.
int tree_open(struct tree *tree, const char *root, size_t most, int depth);

// Watches a folder that appeared, and what is below it. Hidden folders directly below the root are not watched.
void tree_add(struct tree *tree, const char *path);

// Watches what appeared unseen, after events were dropped.
void tree_refresh(struct tree *tree);

// Stops watching a folder that was moved away, and what is below it.
void tree_remove(struct tree *tree, const char *path);

// The kernel has dropped a watch.
void tree_forget(struct tree *tree, int wd);

// The folder of a watch, or NULL.
const char *tree_path(const struct tree *tree, int wd);

#endif
