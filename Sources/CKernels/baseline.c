// For every processor of the architecture.
#define LANES 8
#define KERNEL_SET CKERNELS_BASELINE
#define KERNELS(name) ckernels_##name##_baseline
#include "kernels.h"
