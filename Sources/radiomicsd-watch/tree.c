// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int interest = IN_CREATE | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                            IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

static int remember(struct tree *tree, int wd, const char *path) {
  if (tree_path(tree, wd)) return 1;
  if (tree->count == tree->room) {
    size_t room = tree->room ? tree->room * 2 : 64;
    struct node *nodes = realloc(tree->nodes, room * sizeof *nodes);
    if (!nodes) return 0;
    tree->nodes = nodes;
    tree->room = room;
  }
  char *copy = strdup(path);
  if (!copy) return 0;
  tree->nodes[tree->count++] = (struct node){.wd = wd, .path = copy};
  return 1;
}

// One folder; false when it cannot be watched for want of room.
static int watch_one(struct tree *tree, const char *path) {
  for (size_t index = 0; index < tree->count; index++)
    if (strcmp(tree->nodes[index].path, path) == 0) return 1;
  if (tree->count >= tree->most) {
    tree->degraded = "too many folders";
    return 0;
  }
  if (!inotifytools_watch_file(path, interest)) {
    int error = inotifytools_error();
    if (error == ENOSPC) tree->degraded = "no inotify watches left (fs.inotify.max_user_watches)";
    else if (error == ENOMEM) tree->degraded = "no memory for inotify watches";
    else if (error == EACCES) tree->degraded = "a folder may not be read";
    return error == ENOENT || error == ENOTDIR || error == ELOOP || error == EACCES;
  }
  // The library keeps a folder under its name with a slash at the end.
  char name[8194];
  int length = snprintf(name, sizeof name, "%s/", path);
  int wd = length > 0 && (size_t)length < sizeof name ? inotifytools_wd_from_filename(name) : -1;
  if (wd < 0 || !remember(tree, wd, path)) {
    tree->degraded = "no memory for inotify watches";
    return 0;
  }
  return 1;
}

// Watch first, then list: what lands between the two is listed, what lands later is an event.
static void watch_below(struct tree *tree, const char *path, int level) {
  if (level > tree->depth) {
    tree->degraded = "folders lie too deep";
    return;
  }
  if (!watch_one(tree, path)) return;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  DIR *folder = fdopendir(fd);
  if (!folder) {
    close(fd);
    return;
  }
  const struct dirent *entry;
  while ((entry = readdir(folder))) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (level == 0 && entry->d_name[0] == '.') continue;
    if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) continue;
    if (entry->d_type == DT_UNKNOWN) {
      struct stat about;
      if (fstatat(fd, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(about.st_mode)) continue;
    }
    char below[8192];
    int length = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    if (length < 0 || (size_t)length >= sizeof below) {
      tree->degraded = "a path is too long";
      continue;
    }
    watch_below(tree, below, level + 1);
  }
  closedir(folder);
}

static int level_of(const struct tree *tree, const char *path) {
  int level = 0;
  for (const char *at = path + strlen(tree->root); *at; at++) level += *at == '/';
  return level;
}

int tree_open(struct tree *tree, const char *root, size_t most, int depth) {
  *tree = (struct tree){.root = root, .root_wd = -1, .most = most, .depth = depth};
  watch_below(tree, root, 0);
  if (tree->count == 0) return 0;
  tree->root_wd = tree->nodes[0].wd;
  return 1;
}

void tree_add(struct tree *tree, const char *path) {
  int level = level_of(tree, path);
  if (level == 1 && path[strlen(tree->root) + 1] == '.') return;
  watch_below(tree, path, level);
}

void tree_refresh(struct tree *tree) { watch_below(tree, tree->root, 0); }

void tree_remove(struct tree *tree, const char *path) {
  size_t length = strlen(path);
  for (size_t index = tree->count; index-- > 1;) {
    struct node node = tree->nodes[index];
    if (strncmp(node.path, path, length) != 0 || (node.path[length] != '/' && node.path[length] != '\0')) continue;
    inotifytools_remove_watch_by_wd(node.wd);
    tree_forget(tree, node.wd);
  }
}

void tree_forget(struct tree *tree, int wd) {
  for (size_t index = 1; index < tree->count; index++) {
    if (tree->nodes[index].wd != wd) continue;
    free(tree->nodes[index].path);
    tree->nodes[index] = tree->nodes[--tree->count];
    if (tree->count > 0 && tree->count < tree->most) tree->degraded = NULL;
    return;
  }
}

const char *tree_path(const struct tree *tree, int wd) {
  for (size_t index = 0; index < tree->count; index++)
    if (tree->nodes[index].wd == wd) return tree->nodes[index].path;
  return NULL;
}
