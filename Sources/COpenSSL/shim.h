// OpenSSL's libcrypto from Debian: message digests and signatures.
//
// Digests by the functions of one algorithm, not EVP: the first EVP call of a process sets all of OpenSSL's providers up,
// which takes longer than the digest of most files.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
