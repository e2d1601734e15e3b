/*
 * hands.c - handles of stores: one for each store and hand, least recently used closed first.
 *
 * A hand is used by one thread at a time, so nothing is locked. All hands together hold at most
 * half of the files that the process may have open.
 */
#include <sys/resource.h>

#include "base/mem.h"
#include "io/store_kind.h"

typedef struct Slot {
    const WfStore *store;
    void *handle;
    int64_t used;
} Slot;

/* Apart in memory, so that workers do not share a cache line. */
typedef struct Hand {
    _Alignas(64) Slot *slots;
    int count;
    int64_t clock;
} Hand;

struct WfHands {
    Hand *hands;
    int count;
    int limit; /* open handles of a hand */
    int room;  /* slots of a hand */
};

static int handle_limit(int hands)
{
    struct rlimit files;
    int64_t limit = 1024;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < (rlim_t)1 << 20)
        limit = (int64_t)files.rlim_cur;
    limit = limit / 2 / hands;
    return limit < 1 ? 1 : (int)limit;
}

static void close_slot(Hand *hand, int number)
{
    hand->slots[number].store->kind->close(hand->slots[number].handle);
    hand->slots[number] = hand->slots[--hand->count];
}

static void close_oldest(Hand *hand)
{
    int oldest = 0;

    for (int i = 1; i < hand->count; i++)
        if (hand->slots[i].used < hand->slots[oldest].used)
            oldest = i;
    close_slot(hand, oldest);
}

static void free_hand(Hand *hand)
{
    while (hand->count > 0)
        close_slot(hand, hand->count - 1);
    wf_free(hand->slots);
}

static bool copy_hands(Hand *to, int count, const WfHands *from, int room, WeftErr *err)
{
    for (int i = 0; i < count; i++) {
        to[i].slots = wf_calloc((size_t)room, sizeof(Slot), err);
        if (!to[i].slots)
            return false;
    }
    for (int i = 0; i < count && i < from->count; i++) {
        to[i].count = from->hands[i].count;
        to[i].clock = from->hands[i].clock;
        for (int k = 0; k < to[i].count; k++)
            to[i].slots[k] = from->hands[i].slots[k];
    }
    return true;
}

WfHands *wf_hands_new(WeftErr *err)
{
    WfHands *hands = wf_zalloc(sizeof *hands, err);

    if (hands && wf_hands_resize(hands, 1, 1, err))
        return hands;
    wf_free(hands);
    return NULL;
}

void wf_hands_free(WfHands *hands)
{
    if (!hands)
        return;
    for (int i = 0; i < hands->count; i++)
        free_hand(&hands->hands[i]);
    wf_free(hands->hands);
    wf_free(hands);
}

bool wf_hands_resize(WfHands *hands, int count, int store_count, WeftErr *err)
{
    int limit = handle_limit(count);
    int wanted = store_count < limit ? store_count : limit;
    int room = wanted > hands->room ? wanted + wanted / 2 : hands->room;
    Hand *made;

    if (count == hands->count && room == hands->room)
        return true;
    made = wf_aligned((size_t)count * sizeof *made, _Alignof(Hand), err);
    if (!made)
        return false;
    for (int i = 0; i < count; i++)
        made[i] = (Hand) { .count = 0 };
    for (int i = 0; i < hands->count && i < count; i++)
        while (hands->hands[i].count > limit)
            close_oldest(&hands->hands[i]);
    if (!copy_hands(made, count, hands, room, err)) {
        for (int i = 0; i < count; i++)
            wf_free(made[i].slots);
        wf_free(made);
        return false;
    }
    for (int i = 0; i < hands->count; i++) {
        if (i < count)
            hands->hands[i].count = 0;
        free_hand(&hands->hands[i]);
    }
    wf_free(hands->hands);
    *hands = (WfHands) { .hands = made, .count = count, .limit = limit, .room = room };
    return true;
}

int wf_hands_count(const WfHands *hands)
{
    return hands->count;
}

void *wf_hands_get(WfHands *hands, int number, const WfStore *store, WeftErr *err)
{
    Hand *hand = &hands->hands[number];
    void *handle;

    for (int i = 0; i < hand->count; i++) {
        if (hand->slots[i].store == store) {
            hand->slots[i].used = ++hand->clock;
            return hand->slots[i].handle;
        }
    }
    while (hand->count > 0 && (hand->count >= hands->limit || hand->count >= hands->room))
        close_oldest(hand);
    handle = store->kind->open(store, err);
    if (handle)
        hand->slots[hand->count++] =
            (Slot) { .store = store, .handle = handle, .used = ++hand->clock };
    return handle;
}

void wf_hands_adopt(WfHands *hands, const WfStore *store, void *handle)
{
    Hand *hand = &hands->hands[0];

    while (hand->count > 0 && (hand->count >= hands->limit || hand->count >= hands->room))
        close_oldest(hand);
    hand->slots[hand->count++] = (Slot) { .store = store, .handle = handle, .used = ++hand->clock };
}
