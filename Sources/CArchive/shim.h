// libarchive from Debian: zip and tar readers.
#include <archive.h>
#include <archive_entry.h>
