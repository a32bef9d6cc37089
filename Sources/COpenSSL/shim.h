// OpenSSL's libcrypto from Debian: message digests, and Ed25519 for signed bundles.
//
// Digests call the functions of one algorithm, not EVP: the first EVP call of a process reads OpenSSL's configuration and
// sets its providers up, which takes longer than the digest of most files. Only signatures need EVP.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
