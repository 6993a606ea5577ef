// libgit2, where it is built with mbedTLS as on Debian, reads and parses every certificate of the system when it is
// initialised: three quarters of what starting it costs, for connections that this program never makes, since the git
// executable does what goes over a network.
//
// The dynamic linker finds these two functions before mbedTLS's own, so nothing is read, and no certificate is trusted:
// should libgit2 ever open a connection here, it fails. Where libgit2 uses another library nobody calls them.
//
// They are linked into the executable only. A program that links the library keeps its certificates.

#include "NoCertificates.h"

int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_path(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
  (void)chain;
  (void)path;
  return 0;
}

int mbedtls_x509_crt_parse_path(void *chain, const char *path) {
  (void)chain;
  (void)path;
  return 0;
}
