#define _GNU_SOURCE

#include "CSystemCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void set_disposition(const sigset_t *signals, void (*handler)(int)) {
  for (int number = 1; number < NSIG; number++) {
    if (sigismember(signals, number) != 1) continue;
    struct sigaction action = {.sa_handler = handler};
    sigaction(number, &action, NULL);
  }
}

static int replace(int descriptor, int with) {
  return with < 0 || dup2(with, descriptor) >= 0 ? 0 : errno;
}

// What happens in the child: system calls and nothing else, since it borrows its parent's memory.
static int become(const struct launch *what, char *const *shell, pid_t parent) {
  if (what->leads_session) setsid();
  if (what->dies_with_parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before it could be asked for.
    if (getppid() != parent) return ECHILD;
  }
  int error = replace(STDIN_FILENO, what->input);
  if (error == 0) error = replace(STDOUT_FILENO, what->output);
  if (error == 0) error = replace(STDERR_FILENO, what->errors);
  if (error != 0) return error;
  set_disposition(&what->ignored, SIG_IGN);
  set_disposition(&what->defaulted, SIG_DFL);
  sigprocmask(SIG_SETMASK, &what->blocked, NULL);
  execve(what->path, what->arguments, environ);
  if (errno == ENOEXEC) execve(shell[0], shell, environ);
  return errno;
}

int launch_program(const struct launch *what, pid_t *process) {
  size_t count = 0;
  while (what->arguments[count] != NULL) count++;
  char **shell = calloc(count + 3, sizeof *shell);
  if (shell == NULL) return ENOMEM;
  shell[0] = "/bin/sh";
  shell[1] = (char *)what->path;
  for (size_t index = 1; index < count; index++) shell[index + 1] = what->arguments[index];

  volatile int error = 0;
  pid_t parent = getpid();
  pid_t child = vfork();
  if (child == 0) {
    error = become(what, shell, parent);
    _exit(127);
  }
  if (child < 0) {
    error = errno;
  } else if (error != 0) {
    waitpid(child, NULL, 0);
  } else {
    *process = child;
  }
  free(shell);
  return error;
}

char *const *own_environment(void) { return environ; }

int make_pipe(int ends[2]) {
  int low[2];
  if (pipe2(low, O_CLOEXEC) != 0) return -1;
  // More room spares the two sides from waking each other; without it the pipe works as well.
  fcntl(low[1], F_SETPIPE_SZ, 1 << 18);
  for (int index = 0; index < 2; index++) {
    ends[index] = low[index] > STDERR_FILENO ? low[index] : fcntl(low[index], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (ends[index] != low[index]) close(low[index]);
  }
  if (ends[0] >= 0 && ends[1] >= 0) return 0;
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  return -1;
}

int make_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void raise_event(int event) {
  uint64_t one = 1;
  // A counter that is full has been raised already.
  if (write(event, &one, sizeof one) < 0) return;
}

int make_signal_queue(const sigset_t *signals) { return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK); }

int next_signal(int queue, bool *from_kernel) {
  struct signalfd_siginfo info;
  if (read(queue, &info, sizeof info) != sizeof info) return 0;
  *from_kernel = info.ssi_code == SI_KERNEL;
  return (int)info.ssi_signo;
}

ssize_t copy_pipe(int from, int to, size_t length) { return tee(from, to, length, SPLICE_F_NONBLOCK); }

int bytes_in_pipe(int pipe) {
  int count = 0;
  return ioctl(pipe, FIONREAD, &count) == 0 ? count : 0;
}

ptrdiff_t last_index(const void *bytes, size_t length, uint8_t byte) {
  const char *found = length > 0 ? memrchr(bytes, byte, length) : NULL;
  return found == NULL ? -1 : found - (const char *)bytes;
}

ptrdiff_t first_index(const void *bytes, size_t length, const void *part, size_t part_length) {
  const char *found = memmem(bytes, length, part, part_length);
  return found == NULL ? -1 : found - (const char *)bytes;
}

void keep_freed_memory(void) {
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

bool has_exited(int status) { return WIFEXITED(status); }
int exit_status(int status) { return WEXITSTATUS(status); }
bool was_signalled(int status) { return WIFSIGNALED(status); }
int ending_signal(int status) { return WTERMSIG(status); }
bool has_stopped(int status) { return WIFSTOPPED(status); }

int exchange_names(const char *one, const char *other) {
  return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

void begin_to_store(int file, int64_t offset, int64_t length) {
  // Where the file system does not do that, it is done when the file is synchronised.
  (void)sync_file_range(file, offset, length, SYNC_FILE_RANGE_WRITE);
}
