/*
 * cache.h - compiled objects kept in a folder between runs.
 *
 * A cache never makes anything fail: what cannot be read, is damaged, or could have been written
 * by someone else is as if it were not there.
 */
#ifndef WF_CACHE_H
#define WF_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an object was made from, as a cryptographic hash; `name` is a valid symbol and file name. */
typedef struct WfCacheKey {
    uint8_t bytes[32];
    char name[40]; /* "wf_" and the first 16 bytes in hexadecimal */
} WfCacheKey;

/* The key of `count` texts, in this order. */
WfCacheKey wf_cache_key(const void *const *parts, const size_t *sizes, int count);

/* The object kept under a key, or NULL; wf_free it. folder "" holds nothing. */
void *wf_cache_load(const char *folder, const WfCacheKey *key, size_t *size);
/* Keep an object. Makes the folder if need be; removes the oldest entries beyond `limit` bytes. */
void wf_cache_store(const char *folder, const WfCacheKey *key, const void *object, size_t size,
                    int64_t limit);

enum { WF_CACHE_LIMIT = 64 << 20 };

#endif
