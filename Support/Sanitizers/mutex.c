// Tells the thread sanitizer of what it cannot see of the locks of Synchronization.Mutex.
//
// The quick ways to take and to give back a lock are compiled into the program, and the sanitizer follows their atomics.
// Where somebody waits, both go through the runtime's library (`_lockSlow`, `_unlockSlow`), which is not compiled with the
// sanitizer, and the kernel hands the lock over: the order that the lock makes is lost, and all that it guards looks like
// a race. Eight tasks that add to one Mutex<Int> are enough to see it (Swift 6.3.1, Linux). This library is loaded before
// the runtime's. It does what the runtime does, and says that a lock is given back or was taken.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define CONTEXT __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef __attribute__((swiftcall)) void Lock(uint32_t, CONTEXT void *);
typedef __attribute__((swiftcall)) void Unlock(CONTEXT void *);

// Only programs that were built with the sanitizer have them.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

static void *of_the_runtime(void **found, const char *name) {
    void *function = __atomic_load_n(found, __ATOMIC_ACQUIRE);
    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        __atomic_store_n(found, function, __ATOMIC_RELEASE);
    }
    return function;
}

__attribute__((swiftcall)) void lock_slow(uint32_t, CONTEXT void *) __asm__(LOCK);
__attribute__((swiftcall)) void lock_slow(uint32_t thread, CONTEXT void *handle) {
    static void *found;
    ((Lock *)of_the_runtime(&found, LOCK))(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

__attribute__((swiftcall)) void unlock_slow(CONTEXT void *) __asm__(UNLOCK);
__attribute__((swiftcall)) void unlock_slow(CONTEXT void *handle) {
    static void *found;
    if (__tsan_release) __tsan_release(handle);
    ((Unlock *)of_the_runtime(&found, UNLOCK))(handle);
}
