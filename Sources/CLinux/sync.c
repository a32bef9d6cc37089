#define _GNU_SOURCE
#include <unistd.h>

#include "CLinux.h"

int clinux_sync_file_system(int descriptor) { return syncfs(descriptor); }
