/* Makes every fsync and fdatasync take SLOW_SYNC_MS milliseconds longer. */

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_first(void)
{
    const char *ms = getenv("SLOW_SYNC_MS");
    if (ms)
        usleep((useconds_t)atoi(ms) * 1000);
}

int fsync(int fd)
{
    wait_first();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    wait_first();
    return (int)syscall(SYS_fdatasync, fd);
}
