// libgit2 for Swift. Swift cannot call variadic C functions, so each option that is needed
// has a `static inline` function of its own here.
#pragma once
#include <git2.h>
#include <git2/sys/commit.h>

/// Tells libgit2 of repository extensions that it does not know by itself and that change nothing for what we do.
static inline int kitty_set_extensions(void) {
  const char *names[] = {"worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"};
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, sizeof names / sizeof names[0]);
}

/// Sets the folder in which libgit2 looks for configuration of the given level.
static inline int kitty_set_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

/// Sets how large an object of the given type may be, in bytes, for libgit2 to keep it in memory once it was read.
static inline int kitty_set_cache_limit(git_object_t type, size_t size) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, type, size);
}
