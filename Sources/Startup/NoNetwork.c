// libgit2 makes ready for networks when it is initialised, and this program never uses one through it: the git executable
// does what goes over a network. These functions stand in for libgit2's own and do nothing, or fail.
//
// They are linked into the executable only. A program that links the library keeps all of libgit2.

#include "Startup.h"

#include <stdbool.h>
#include <stddef.h>

// Where libgit2 is a shared library that was built with mbedTLS, as on Debian, it reads and parses every certificate of
// the system: three quarters of what starting it costs. The dynamic linker finds these two functions before mbedTLS's
// own, so nothing is read, and no certificate is trusted: should libgit2 ever open a connection here, it fails. Where
// libgit2 uses another library nobody calls them.

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

// Where libgit2 is linked statically, a linker takes those parts of an archive that something still needs. With these
// in their place nothing needs TLS, SSH, Kerberos or a socket, and they stay out of the program. What Package.swift
// looks for is a version of libgit2 whose parts are cut as these functions are; the linker would refuse another.

enum { failure = -1 };

int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_mbedtls_stream_global_init(void);
int git_mbedtls_stream_new(void **stream, const char *host, const char *port);
int git_mbedtls_stream_wrap(void **stream, void *inner, const char *host);
int git_socket_stream_new(void **stream, const char *host, const char *port);
int git_smart_subtransport_http(void **transport, void *owner, void *parameter);
int git_smart_subtransport_ssh(void **transport, void *owner, void *parameter);
int git_transport_ssh_global_init(void);
int git_transport_ssh_with_paths(void **transport, void *owner, void *payload);
extern bool git_http__expect_continue;

bool git_http__expect_continue = false;

int git_mbedtls__set_cert_location(const char *file, const char *path) {
  (void)file;
  (void)path;
  return failure;
}

int git_mbedtls_stream_global_init(void) { return 0; }

int git_mbedtls_stream_new(void **stream, const char *host, const char *port) {
  (void)stream;
  (void)host;
  (void)port;
  return failure;
}

int git_mbedtls_stream_wrap(void **stream, void *inner, const char *host) {
  (void)stream;
  (void)inner;
  (void)host;
  return failure;
}

int git_socket_stream_new(void **stream, const char *host, const char *port) {
  (void)stream;
  (void)host;
  (void)port;
  return failure;
}

int git_smart_subtransport_http(void **transport, void *owner, void *parameter) {
  (void)transport;
  (void)owner;
  (void)parameter;
  return failure;
}

int git_smart_subtransport_ssh(void **transport, void *owner, void *parameter) {
  (void)transport;
  (void)owner;
  (void)parameter;
  return failure;
}

int git_transport_ssh_global_init(void) { return 0; }

int git_transport_ssh_with_paths(void **transport, void *owner, void *payload) {
  (void)transport;
  (void)owner;
  (void)payload;
  return failure;
}
