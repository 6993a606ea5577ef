// The system calls that Swift cannot make: a child may not run Swift between its birth and the program that it becomes,
// and some calls of Linux are not in the C library's module.

#ifndef CSYSTEM_CALLS_H
#define CSYSTEM_CALLS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a program is started with.
struct launch {
  const char *path;
  char *const *arguments;
  /// What becomes standard input, output and error; -1 leaves them as they are.
  int input, output, errors;
  /// The signals that are blocked in the program.
  sigset_t blocked;
  /// The signals that the program ignores although this one does not, and the other way round.
  sigset_t ignored, defaulted;
  /// Whether the program is killed when the thread that started it ends.
  bool dies_with_parent;
  /// Whether the program gets a session of its own.
  bool leads_session;
};

/// Starts a program in the environment of this one; gives 0 and its process, or the error number of what failed.
///
/// A file that is executable and has no known format is given to `/bin/sh`, as shells do.
int launch_program(const struct launch *what, pid_t *process);

/// The environment of this process, as `environ` has it.
char *const *own_environment(void);

/// A pipe whose ends are above standard error and closed in other programs; -1 on failure.
int make_pipe(int ends[2]);

/// A descriptor that becomes readable when `raise_event` is called on it; -1 on failure.
int make_event(void);
void raise_event(int event);

/// A descriptor that gives the signals of a set, which are blocked; -1 on failure.
int make_signal_queue(const sigset_t *signals);

/// The next signal of a queue and whether the kernel made it, as for a key on a terminal; 0 when there is none.
int next_signal(int queue, bool *from_kernel);

/// Copies what a pipe holds into another one without taking it out; -1 on failure, 0 at its end.
ssize_t copy_pipe(int from, int to, size_t length);

/// How many bytes a pipe holds.
int bytes_in_pipe(int pipe);

/// Where the last `byte` stands in `bytes`; -1 when there is none.
ptrdiff_t last_index(const void *bytes, size_t length, uint8_t byte);

/// Where `part` first begins in `bytes`; -1 when it does not stand there.
ptrdiff_t first_index(const void *bytes, size_t length, const void *part, size_t part_length);

/// Has the memory that is freed kept for what needs some next, where the C library can be told to.
void keep_freed_memory(void);

/// How a process has ended or stopped, taken apart.
bool has_exited(int status);
int exit_status(int status);
bool was_signalled(int status);
int ending_signal(int status);
bool has_stopped(int status);

/// Lets the files at two paths exchange their names in one step; gives 0, or -1 and `errno`.
int exchange_names(const char *one, const char *other);

/// Has the disk begin with what was written to a part of a file, and does not wait for it.
void begin_to_store(int file, int64_t offset, int64_t length);

#endif
