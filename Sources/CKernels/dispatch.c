#include "CKernels.h"

extern const ckernels ckernels_table_baseline;
#if defined(__x86_64__)
extern const ckernels ckernels_table_avx2;
#endif

const ckernels *ckernels_for(ckernels_set set) {
#if defined(__x86_64__)
  if (set == CKERNELS_AVX2) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? &ckernels_table_avx2 : 0;
  }
#endif
  return set == CKERNELS_BASELINE ? &ckernels_table_baseline : 0;
}

const ckernels *ckernels_best(void) {
  const ckernels *best = ckernels_for(CKERNELS_AVX2);
  return best ? best : &ckernels_table_baseline;
}
