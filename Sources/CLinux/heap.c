#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "CLinux.h"

void clinux_keep_heap(uint64_t bytes) {
  // Large arrays come from the heap and not from mappings of their own, which the kernel would clear each time; one heap
  // serves all threads, and nothing of it is given back.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 1 << 22);
  // Under a limit of address space the room would count as taken before it is.
  struct rlimit space;
  if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur != RLIM_INFINITY) return;
  void *room = malloc(bytes);
  if (!room) return;
  // Advice: nothing is lost where the kernel does not take it.
  const uintptr_t large = (uintptr_t)1 << 21;
  const uintptr_t start = ((uintptr_t)room + large - 1) & ~(large - 1), end = ((uintptr_t)room + bytes) & ~(large - 1);
  if (end > start) madvise((void *)start, end - start, MADV_HUGEPAGE);
  free(room);
}
