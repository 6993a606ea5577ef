// A static executable of Swift looks for its arguments as soon as it starts: it reads `/proc/self/maps` to find its
// stack, and searches that. Recording an event takes a fifteenth of a millisecond longer for it. glibc hands the
// arguments to every constructor, so these two functions, which stand in for the runtime's own, need not look.
//
// The runtime has them in a part of its archive with nothing else in it, which the linker leaves out then. Should it
// ever need something else from that part, it refuses to link, and this file can go.

#include "Startup.h"

#ifdef ARGUMENTS_ARE_GIVEN

static char *nothing[] = {0};
static char **given = nothing;
static int given_count = 0;

__attribute__((constructor)) static void keep(int count, char **arguments) {
  given = arguments;
  given_count = count;
}

char **_swift_stdlib_getUnsafeArgvArgc(int *count);
void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
  *count = given_count;
  return given;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count) { keep(count, arguments); }

#endif
