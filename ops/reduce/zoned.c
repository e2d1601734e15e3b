/*
 * zoned.c - zones with counts of their values.
 */
#include "zoned.h"

#include <math.h>
#include <string.h>

static size_t zone_payload(const WfZonedForm *form)
{
    return sizeof(WfZone) - sizeof(double) + (size_t)form->lists * sizeof(uint64_t) + form->own;
}

static size_t part_payload(const WfZonedForm *form)
{
    return sizeof(WfPart) - 2 * sizeof(double) + (size_t)form->counts * sizeof(uint64_t);
}

void wf_zoned_bytes(const WfZonedForm *form, const WeftReduceSetup *setup, size_t size,
                    int64_t parts, int64_t *least, int64_t *most)
{
    int64_t pixels = wf_zone_runs_pixels(setup), parts_least, parts_most;

    wf_groups_bytes(1, zone_payload(form), wf_zone_runs_zones(setup), least, most);
    wf_groups_bytes(2, part_payload(form), parts < pixels ? parts : pixels, &parts_least,
                    &parts_most);
    *least += parts_least + (int64_t)size;
    *most = wf_reduce_bytes(*most, 1, parts_most);
    *most = wf_reduce_bytes(*most, 1, (int64_t)size);
}

void wf_zoned_close(void *closed)
{
    WfZoned *state = closed;

    if (!state)
        return;
    wf_groups_close(&state->zones);
    wf_groups_close(&state->parts);
    wf_room_free(state->room, state);
}

void *wf_zoned_open(const WfZonedForm *form, const WeftReduceSetup *setup, size_t size,
                    WeftRoom *room)
{
    WfZoned *state = wf_room_new(room, size);

    if (!state)
        return NULL;
    state->room = state->zones.room = state->parts.room = room;
    state->form = *form;
    state->runs = wf_zone_runs(setup);
    if (wf_groups_open(&state->zones, room, 1, zone_payload(form)) &&
        wf_groups_open(&state->parts, room, 2, part_payload(form)))
        return state;
    wf_zoned_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ zones and parts */

bool wf_zoned_find(WfZoned *state, double id)
{
    if (!state->zone || state->zone->id != id)
        state->zone = wf_groups_find(&state->zones, &id);
    return state->zone != NULL;
}

static WfPart **recent_of(WfZoned *state, double place)
{
    uint64_t bits;

    memcpy(&bits, &place, sizeof bits);
    return &state->recent[(bits ^ bits >> 32) * 0x9e3779b97f4a7c15 >> 60];
}
_Static_assert(ZONED_RECENT == 1 << (64 - 60), "recent parts are found by four bits");

static WfPart *find_part(WfZoned *state, double place)
{
    const double key[2] = { state->zone->id, place };
    int64_t count = state->parts.count, places = state->form.places;
    WfPart *part = wf_groups_find(&state->parts, key);

    if (part && state->parts.count > count) {
        uint64_t *first = &state->zone->first[places ? (int64_t)place / places : 0];

        part->next = *first;
        *first = (uint64_t)state->parts.count;
    }
    return part;
}

WfPart *wf_zoned_part(WfZoned *state, double place)
{
    WfPart **recent = recent_of(state, place);

    if (!*recent || (*recent)->place != place || (*recent)->zone != state->zone->id)
        *recent = find_part(state, place);
    return *recent;
}

void *wf_zoned_own(const WfZoned *state, WfZone *zone)
{
    return zone->first + state->form.lists;
}

const void *wf_zoned_own_in(const WfZoned *state, const WfZone *zone)
{
    return zone->first + state->form.lists;
}

const WfZone *wf_zoned_at(const WfZoned *state, int64_t i)
{
    return wf_groups_at(&state->zones, i);
}

const WfPart *wf_zoned_listed(const WfZoned *state, uint64_t number)
{
    return wf_groups_at(&state->parts, (int64_t)number - 1);
}

int64_t wf_zoned_rows(const void *state)
{
    return ((const WfZoned *)state)->zones.count;
}

/* ------------------------------------------------------------------ merging and the byte form */

static bool add_zone(WfZoned *state, double id, uint64_t pixels, uint64_t weight)
{
    if (!wf_zoned_find(state, id))
        return false;
    state->zone->pixels += pixels;
    state->zone->weight += weight;
    return true;
}

static bool add_part(WfZoned *state, double zone, double place, const uint64_t *counts)
{
    WfPart *part = wf_zoned_find(state, zone) ? wf_zoned_part(state, place) : NULL;

    for (int k = 0; part && k < state->form.counts; k++)
        part->counts[k] += counts[k];
    return part != NULL;
}

bool wf_zoned_merge(void *into, const void *from)
{
    WfZoned *state = into;
    const WfZoned *other = from;

    for (int64_t i = 0; i < other->zones.count; i++) {
        const WfZone *zone = wf_zoned_at(other, i);

        if (!add_zone(state, zone->id, zone->pixels, zone->weight))
            return false;
    }
    for (int64_t i = 0; i < other->parts.count; i++) {
        const WfPart *part = wf_groups_at(&other->parts, i);

        if (!add_part(state, part->zone, part->place, part->counts))
            return false;
    }
    return true;
}

size_t wf_zoned_pack(const void *from, unsigned char *bytes)
{
    const WfZoned *state = from;
    WfPack pack = wf_pack_begin(state->form.version, bytes);

    wf_pack_u64(&pack, (uint64_t)state->form.pass);
    wf_pack_u64(&pack, (uint64_t)state->zones.count);
    for (int64_t i = 0; i < state->zones.count; i++) {
        const WfZone *zone = wf_zoned_at(state, i);

        wf_pack_f64(&pack, zone->id);
        wf_pack_u64(&pack, zone->pixels);
        wf_pack_u64(&pack, zone->weight);
    }
    wf_pack_u64(&pack, (uint64_t)state->parts.count);
    for (int64_t i = 0; i < state->parts.count; i++) {
        const WfPart *part = wf_groups_at(&state->parts, i);

        wf_pack_f64(&pack, part->zone);
        wf_pack_f64(&pack, part->place);
        for (int k = 0; k < state->form.counts; k++)
            wf_pack_u64(&pack, part->counts[k]);
    }
    return wf_pack_end(&pack);
}

static bool read_zone(WfZoned *state, WfUnpack *pack)
{
    int64_t known = state->zones.count;
    double id = wf_unpack_f64(pack);
    uint64_t pixels = wf_unpack_u64(pack), weight = wf_unpack_u64(pack);

    return !isnan(id) && add_zone(state, id, pixels, weight) &&
           (!state->form.pass || state->zones.count == known);
}

static bool is_place(const WfZonedForm *form, double place)
{
    return form->places
               ? place >= 0 && place < (double)(form->lists * form->places) && place == floor(place)
               : !isnan(place);
}

static bool read_part(WfZoned *state, WfUnpack *pack)
{
    int64_t known = state->zones.count;
    double zone = wf_unpack_f64(pack), place = wf_unpack_f64(pack);
    uint64_t counts[ZONED_COUNTS];

    for (int k = 0; k < state->form.counts; k++)
        counts[k] = wf_unpack_u64(pack);
    return !pack->bad && !isnan(zone) && is_place(&state->form, place) &&
           add_part(state, zone, place, counts) && state->zones.count == known;
}

void *wf_zoned_unpack(void *opened, const unsigned char *bytes, size_t size)
{
    WfZoned *state = opened;
    WfUnpack pack;
    uint64_t count;
    bool good;

    if (!state)
        return NULL;
    pack = wf_unpack_begin(state->form.version, bytes, size);
    good = !pack.bad && wf_unpack_u64(&pack) == (uint64_t)state->form.pass;
    count = wf_unpack_count(&pack, sizeof(WfZone));
    for (uint64_t i = 0; good && i < count; i++)
        good = read_zone(state, &pack);
    count = wf_unpack_count(&pack, 16 + (size_t)state->form.counts * sizeof(uint64_t));
    for (uint64_t i = 0; good && i < count; i++)
        good = read_part(state, &pack);
    if (good && wf_unpack_end(&pack))
        return state;
    wf_zoned_close(state);
    return NULL;
}
