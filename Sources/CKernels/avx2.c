// For x86-64 processors with AVX2. Fused multiplication and addition is left out: it rounds once where the baseline rounds
// twice.
#if defined(__x86_64__)
#define LANES 16
#define KERNEL_SET CKERNELS_AVX2
#define KERNELS(name) ckernels_##name##_avx2
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
