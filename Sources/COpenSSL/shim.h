// OpenSSL's libcrypto from Debian: message digests.
#include <openssl/evp.h>
