// OpenSSL's libcrypto from Debian: message digests, and signatures of model bundles.
//
// Digests take the functions of one algorithm, not EVP: the first EVP call of a process reads OpenSSL's configuration and sets its
// providers up, which takes longer than the digest of most files.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
