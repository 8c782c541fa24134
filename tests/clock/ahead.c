/* A clock that is ahead by CLOCK_AHEAD seconds, for every program that this library is loaded into (LD_PRELOAD).
 *
 * What a program asks for the date, and the dates of files that it reads and sets, are those of a machine whose clock
 * is ahead. The monotonic clock, by which programs wait, stays as it is. So do the dates of files that nothing has
 * touched since CLOCK_SINCE: they were there before the clock moved. Compiled files of Python, which hold the date of
 * their source, stay valid therefore, for programs under both clocks. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t variable(const char *name) {
    const char *seconds = getenv(name);
    return seconds ? atoll(seconds) : 0;
}

static time_t ahead(void) { return variable("CLOCK_AHEAD"); }

static void *original(const char *name) { return dlsym(RTLD_NEXT, name); }

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = original("clock_gettime");
    int result = next(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI))
        now->tv_sec += ahead();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &precise)) return -1;
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

/* No program can set the time of change. The names with `x` are those of programs that are older than glibc 2.33. */
#define MOVED(status) ((status)->st_ctime >= variable("CLOCK_SINCE"))
#define SHIFT(status) ((status)->st_atime += ahead(), (status)->st_mtime += ahead(), (status)->st_ctime += ahead())
#define READS(name, parameters, arguments)                  \
    int name parameters {                                   \
        static int(*next) parameters;                       \
        if (!next) next = original(#name);                  \
        int result = next arguments;                        \
        if (result == 0 && MOVED(status)) SHIFT(status);    \
        return result;                                      \
    }

READS(stat, (const char *restrict path, struct stat *restrict status), (path, status))
READS(lstat, (const char *restrict path, struct stat *restrict status), (path, status))
READS(fstat, (int file, struct stat *status), (file, status))
READS(fstatat, (int folder, const char *restrict path, struct stat *restrict status, int flags),
      (folder, path, status, flags))
READS(stat64, (const char *restrict path, struct stat64 *restrict status), (path, status))
READS(lstat64, (const char *restrict path, struct stat64 *restrict status), (path, status))
READS(fstat64, (int file, struct stat64 *status), (file, status))
READS(fstatat64, (int folder, const char *restrict path, struct stat64 *restrict status, int flags),
      (folder, path, status, flags))

READS(__xstat, (int version, const char *path, struct stat *status), (version, path, status))
READS(__lxstat, (int version, const char *path, struct stat *status), (version, path, status))
READS(__fxstat, (int version, int file, struct stat *status), (version, file, status))
READS(__fxstatat, (int version, int folder, const char *path, struct stat *status, int flags),
      (version, folder, path, status, flags))
READS(__xstat64, (int version, const char *path, struct stat64 *status), (version, path, status))
READS(__lxstat64, (int version, const char *path, struct stat64 *status), (version, path, status))
READS(__fxstat64, (int version, int file, struct stat64 *status), (version, file, status))
READS(__fxstatat64, (int version, int folder, const char *path, struct stat64 *status, int flags),
      (version, folder, path, status, flags))

int statx(int folder, const char *restrict path, int flags, unsigned int mask, struct statx *restrict status) {
    static int (*next)(int, const char *restrict, int, unsigned int, struct statx *restrict);
    if (!next) next = original("statx");
    int result = next(folder, path, flags, mask | STATX_CTIME, status);
    if (result == 0 && status->stx_ctime.tv_sec >= variable("CLOCK_SINCE")) {
        status->stx_atime.tv_sec += ahead(), status->stx_btime.tv_sec += ahead();
        status->stx_ctime.tv_sec += ahead(), status->stx_mtime.tv_sec += ahead();
    }
    return result;
}

static const struct timespec *back(const struct timespec times[2], struct timespec shifted[2]) {
    if (!times) return times;
    for (int each = 0; each < 2; each++) {
        shifted[each] = times[each];
        if (times[each].tv_nsec != UTIME_NOW && times[each].tv_nsec != UTIME_OMIT) shifted[each].tv_sec -= ahead();
    }
    return shifted;
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
    static int (*next)(int, const char *, const struct timespec[2], int);
    struct timespec shifted[2];
    if (!next) next = original("utimensat");
    return next(folder, path, back(times, shifted), flags);
}

int futimens(int file, const struct timespec times[2]) {
    static int (*next)(int, const struct timespec[2]);
    struct timespec shifted[2];
    if (!next) next = original("futimens");
    return next(file, back(times, shifted));
}

int utimes(const char *path, const struct timeval times[2]) {
    if (!times) return utimensat(AT_FDCWD, path, NULL, 0);
    struct timespec precise[2] = {
        {times[0].tv_sec, times[0].tv_usec * 1000},
        {times[1].tv_sec, times[1].tv_usec * 1000},
    };
    return utimensat(AT_FDCWD, path, precise, 0);
}
