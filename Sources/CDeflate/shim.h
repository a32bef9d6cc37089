// libdeflate (whole buffers, fast) and zlib (streams) from Debian.
#include <libdeflate.h>
#include <zlib.h>
